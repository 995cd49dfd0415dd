import { describe, expect, test } from "vitest";
import { setConfig } from "../../../env/core/change.ts";
import { failingGuards } from "../../../env/core/guards.ts";
import type { TouchedKey } from "../../../env/core/guards.ts";
import { configKeys, keyDef, keysOf, readKey } from "../../../env/core/services/config.ts";
import type { ConfigValue, KeyDef, NumberKey } from "../../../env/core/services/keys.ts";
import type { State } from "../../../env/core/state.ts";
import { steadyState } from "../../../env/core/steady.ts";
import { ticks } from "../../../env/core/time.ts";
import { SERVICES } from "../../../env/core/topology.ts";
import type { ServiceName } from "../../../env/core/topology.ts";

/** For each guard: a state that is bad later, and the nearest that is not. */
const guards: Readonly<
  Record<string, { readonly bad: (state: State) => void; readonly fine: (state: State) => void }>
> = {
  disk_full_within_24h: {
    bad: (s) => {
      s.database.walLeakGbPerHour = 70;
      s.config.database.slot_wal_keep_gb = 0;
    },
    fine: (s) => {
      s.database.walLeakGbPerHour = 70;
      s.config.database.slot_wal_keep_gb = 40;
    },
  },
  release_leaks: {
    bad: (s) => {
      s.releases = [{ version: "r1", leakMb: 0, connectionLeak: 0.0005 }];
      s.config.web_server.app_version = "r1";
    },
    fine: (s) => {
      s.releases = [{ version: "r1", leakMb: 12, connectionLeak: 0 }];
      s.config.web_server.app_version = "r0";
    },
  },
  certificate_ends_within_7d: {
    bad: (s) => ends(s, "message_queue", ticks(7 * 24, "h") - 1),
    fine: (s) => ends(s, "message_queue", ticks(7 * 24, "h")),
  },
  bloat_grows: {
    bad: (s) => {
      s.database.bloatPerHour = 0.2;
      s.config.database.autovacuum = false;
    },
    fine: (s) => {
      s.database.bloatPerHour = 0.2;
    },
  },
  lock_returns: {
    bad: (s) => {
      s.database.lockEveryTicks = 24;
      s.config.database.idle_in_txn_timeout_ms = 0;
    },
    fine: (s) => {
      s.database.lockEveryTicks = 24;
      s.config.database.idle_in_txn_timeout_ms = 120_000;
    },
  },
  address_pinned: {
    bad: (s) => {
      s.config.web_server.dns_cache_ttl_s = -1;
    },
    fine: (s) => {
      s.config.web_server.dns_cache_ttl_s = 0;
    },
  },
  backlog_stays: {
    bad: (s) => {
      s.queue.depth = 2001;
      s.queue.capacity = 1.04 * s.queue.publishedByWeb;
    },
    fine: (s) => {
      s.queue.depth = 2001;
      s.queue.capacity = 1.06 * s.queue.publishedByWeb;
    },
  },
  still_shedding: {
    bad: (s) => {
      s.config.load_balancer.rate_limit_rps = Math.floor(1.19 * s.load.base);
    },
    fine: (s) => {
      s.config.load_balancer.rate_limit_rps = Math.ceil(1.2 * s.load.base);
    },
  },
  dead_workers: {
    bad: (s) => {
      s.web.respawn = false;
      s.web.aliveShare[2] = 0.4;
    },
    fine: (s) => {
      s.web.aliveShare[2] = 0.4;
    },
  },
  hung_consumers: {
    bad: (s) => {
      s.queue.hungShare = 0.21;
    },
    fine: (s) => {
      s.queue.hungShare = 0.2;
    },
  },
  index_invalid: {
    bad: (s) => {
      s.config.database.idx_orders_user = "invalid";
    },
    fine: (s) => {
      s.config.database.idx_orders_user = "valid";
    },
  },
};

function ends(state: State, service: "load_balancer" | "message_queue", ticksLeft: number): void {
  for (const certificate of state.certificates) {
    if (certificate.service === service) certificate.notAfterTick = state.tick + ticksLeft;
  }
}

const changed = (change: (state: State) => void): State => {
  const state = steadyState();
  change(state);
  return state;
};

describe("guards", () => {
  test("are silent on a healthy system", () => {
    expect(failingGuards(steadyState(), [])).toEqual([]);
  });

  test.for(Object.entries(guards))(
    "%s fails on a state that is bad later, and on no other",
    ([name, { bad, fine }]) => {
      expect(failingGuards(changed(bad), [])).toEqual([name]);
      expect(failingGuards(changed(fine), [])).toEqual([]);
    },
  );

  test("a database that runs full within a day fails, without any leak too", () => {
    const nearly = changed((s) => {
      s.database.diskGb = s.config.database.disk_quota_gb - 5;
    });
    expect(failingGuards(nearly, [])).toEqual(["disk_full_within_24h"]);
  });

  test("a certificate that is not in the inventory has no time left", () => {
    const unknown = changed((s) => {
      s.config.load_balancer.tls_cert_id = "edge-gone";
    });
    expect(failingGuards(unknown, [])).toEqual(["certificate_ends_within_7d"]);
  });
});

type Bounded = {
  readonly service: ServiceName;
  readonly key: string;
  readonly inside: ConfigValue[];
  readonly outside: ConfigValue[];
};

/** Values on both sides of a key's envelope; none for a key without one. */
function sides(service: ServiceName, key: string): Bounded[] {
  const def = keyDef(service, key) as KeyDef;
  if (def.kind === "number") return numberSides(service, key, def);
  if (def.kind === "name" || def.envelope === undefined) return [];
  if (def.kind === "flag") return [{ service, key, inside: [def.envelope], outside: [!def.envelope] }];
  const safe = def.envelope;
  return [{ service, key, inside: [...safe], outside: def.choices.filter((choice) => !safe.includes(choice)) }];
}

function numberSides(service: ServiceName, key: string, { envelope, min, max, off, offIsSafe }: NumberKey): Bounded[] {
  if (envelope === undefined) return [];
  const beyond = [envelope[0] - 1, envelope[1] + 1, min, max].filter((v) => v < envelope[0] || v > envelope[1]);
  const outside = beyond.filter((v) => v >= min && v <= max && !(offIsSafe === true && v === off));
  return [{ service, key, inside: [...envelope, ...(offIsSafe === true && off !== undefined ? [off] : [])], outside }];
}

const bounded = SERVICES.flatMap((service) => keysOf(service).flatMap((key) => sides(service, key)));

describe("the envelope", () => {
  test.for(bounded.map((one) => [`${one.service}.${one.key}`, one] as const))(
    "of %s is judged where it was changed",
    ([name, { service, key, inside, outside }]) => {
      const touched: TouchedKey[] = [{ service, key }];
      const failing = (value: ConfigValue, keys: readonly TouchedKey[]) => {
        const state = steadyState();
        (state.config[service] as Record<string, ConfigValue>)[key] = value;
        return failingGuards(state, keys).filter((guard) => guard.startsWith("envelope:"));
      };
      for (const value of inside) expect(failing(value, touched)).toEqual([]);
      for (const value of outside) expect(failing(value, touched)).toEqual([`envelope:${name}`]);
      for (const value of outside) expect(failing(value, [])).toEqual([]);
      expect(readKey(steadyState().config, service, key)).toBe(keyDef(service, key)?.default);
    },
  );

  test("holds the default of every key, so that undoing a change is always durable", () => {
    for (const { service, key } of bounded) {
      const state = steadyState();
      setConfig(state, service, key, (configKeys[service] as Record<string, KeyDef>)[key]?.default as ConfigValue);
      expect(failingGuards(state, [{ service, key }])).toEqual([]);
    }
  });

  test("is never wider than what the schema accepts", () => {
    for (const service of SERVICES) {
      for (const key of keysOf(service)) {
        const def = keyDef(service, key) as KeyDef;
        if (def.kind !== "number" || def.envelope === undefined) continue;
        expect([def.min <= def.envelope[0], def.envelope[1] <= def.max, def.envelope[0] < def.envelope[1]]).toEqual([
          true,
          true,
          true,
        ]);
      }
    }
  });
});
