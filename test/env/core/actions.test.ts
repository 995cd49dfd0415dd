import { describe, expect, test } from "vitest";
import { catalogue } from "../../../env/core/actions/index.ts";
import { parseAction } from "../../../env/core/actions/parse.ts";
import { beginEpisode, act } from "../../../env/core/episode.ts";
import type { Episode } from "../../../env/core/episode.ts";
import { SERVICES } from "../../../env/core/topology.ts";
import { taskOf } from "../../helpers.ts";
import { oddValues } from "./arbitraries.ts";

const begun = (): Episode => beginEpisode(taskOf("inc-117"), 5, "telescoped", 0.99);

/** What an environment says to an action that it must refuse; fails if the action did anything. */
function refusal(action: unknown): string {
  const episode = begun();
  const config = JSON.stringify(episode.state.config);
  const { observation } = act(episode, action);
  expect(observation.result.status).toBe("invalid");
  expect(observation.result.data).toBeNull();
  expect(JSON.stringify(episode.state.config)).toBe(config);
  expect(episode.track).toMatchObject({ steps: 1, invalid: 1, changes: [], looksBeforeChange: 0, closing: null });
  expect(episode.state.tick).toBe(episode.instance.pageTick + 1);
  return observation.result.message;
}

/** One good action of each kind. */
const good: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  inspect_logs: { service: "cache" },
  inspect_metrics: { service: "cache" },
  check_status: { service: "cache" },
  inspect_config: { service: "cache", key: "ttl_s" },
  update_config: { service: "cache", key: "ttl_s", value: 299 },
  restart_service: { service: "cache" },
  resolve_incident: { service: "cache", fault: "ttl", summary: "Too short." },
  escalate: { reason: "Not ours." },
};

describe("an action that the catalogue describes", () => {
  test.for(catalogue.map(({ type }) => type))("%s is carried out", (type) => {
    const { observation } = act(begun(), { type, ...good[type] });
    expect(observation.result.status).not.toBe("invalid");
  });

  test("may carry metadata, which means nothing", () => {
    const plain = act(begun(), { type: "inspect_logs", service: "cache" });
    expect(act(begun(), { type: "inspect_logs", service: "cache", metadata: { id: 7 } })).toEqual(plain);
  });

  test("may come as text, also where a client put the text into `type`", () => {
    const wanted = parseAction({ type: "inspect_config", service: "cache", key: "ttl_s" });
    expect(parseAction("inspect_config(cache, ttl_s)")).toEqual(wanted);
    expect(parseAction({ type: "inspect_config(cache, key=ttl_s)" })).toEqual(wanted);
  });

  test("sets minus zero as zero", () => {
    const episode = begun();
    act(episode, { type: "update_config", service: "load_balancer", key: "rate_limit_rps", value: -0 });
    expect(Object.is(episode.state.config.load_balancer.rate_limit_rps, 0)).toBe(true);
  });
});

describe("what is no action at all", () => {
  test.for(oddValues.map((value) => [JSON.stringify(value).slice(0, 30), value] as const))(
    "%s is refused with what was expected",
    ([, value]) => {
      const message = refusal(value);
      expect(message).toMatch(/Expected an action|An action needs a "type"|Unknown action|Longer than/);
      expect(message.length).toBeLessThan(400);
    },
  );

  test.for([
    [undefined, 'Expected an action such as {"type":"inspect_logs","service":"cache"}, got nothing.'],
    [[{ type: "inspect_logs" }], 'Expected an action such as {"type":"inspect_logs","service":"cache"}, got a list.'],
    [{ type: "inspect_log", service: "cache" }, 'Unknown action "inspect_log". Did you mean "inspect_logs"?'],
    [{ type: 7 }, 'An action needs a "type": one of inspect_logs'],
    [Object.create({ type: "inspect_logs", service: "cache" }), 'An action needs a "type"'],
    ["restart(cache)", 'Unknown action "restart".'],
    ["inspect_logs", "inspect_logs: expected inspect_logs(service)."],
    ["inspect_logs(cache", "inspect_logs: expected inspect_logs(service)."],
    ["inspect_config()", 'inspect_config: "service" is missing.'],
  ] as const)("%j: the reason says what to write instead", ([action, reason]) => {
    expect(refusal(action)).toContain(reason);
  });
});

test.for([10_000, 10_000_000])(
  "a text of %d characters is refused wherever it stands, in a short sentence",
  (length) => {
    const long = "x".repeat(length);
    expect(refusal(long)).toBe("Longer than 8192 characters.");
    expect(refusal(`escalate(${long})`)).toBe("Longer than 8192 characters.");
    expect(refusal({ type: long }).length).toBeLessThan(300);
    expect(refusal({ type: "escalate", reason: long })).toBe("escalate: reason: longer than 8192 characters.");
    expect(refusal({ type: "inspect_config", service: "cache", key: long }).length).toBeLessThan(300);
    expect(refusal({ type: "check_status", service: "cache", [long]: 1 }).length).toBeLessThan(300);
  },
);

describe("an argument of a wrong kind", () => {
  const odd: Readonly<Record<string, unknown>> = {
    nothing: null,
    "a list": [],
    "a list of lists": [["cache"]],
    "an object": {},
    NaN: Number.NaN,
    Infinity: Number.POSITIVE_INFINITY,
    "9,000 characters": "x".repeat(9000),
    "half a character": "\ud800",
    "a prototype": JSON.parse('{"__proto__":{"polluted":true}}'),
  };

  test.for(
    catalogue.flatMap(({ type, args }) =>
      Object.keys(args).flatMap((name) => Object.keys(odd).map((kind) => [type, name, kind] as const)),
    ),
  )("%s: %s as %s is refused by name", ([type, name, kind]) => {
    const message = refusal({ type, ...good[type], [name]: odd[kind] });
    expect(message).toMatch(new RegExp(`^(?:${type}: ${name}: |Unknown key |cache.ttl_s: )`));
    expect(message).toMatch(/expected|longer than|Unknown key/);
    expect(message.length).toBeLessThan(600);
  });

  test.for(
    catalogue.flatMap(({ type, args }) =>
      Object.entries(args)
        .filter(([, schema]) => !(schema as { isOptional(): boolean }).isOptional())
        .map(([name]) => [type, name] as const),
    ),
  )("%s without %s says that it is missing", ([type, name]) => {
    const { [name]: _, ...rest } = good[type] ?? {};
    expect(refusal({ type, ...rest })).toBe(`${type}: "${name}" is missing.`);
  });

  test.for(catalogue.map(({ type }) => type))("%s with a field too many names the field", (type) => {
    expect(refusal({ type, ...good[type], force: true })).toBe(`${type}: unexpected field "force".`);
    const polluted = JSON.parse(`{"type":"${type}","__proto__":{"polluted":true}}`) as object;
    expect(refusal({ ...good[type], ...polluted })).not.toBe("");
    expect(refusal(Object.assign(polluted, good[type]))).toBe(`${type}: unexpected field "__proto__".`);
  });

  test("a name that is nearly right is met with the right one", () => {
    expect(refusal({ type: "inspect_logs", service: "databse" })).toContain('Did you mean "database"?');
    expect(refusal({ type: "inspect_config", service: "cache", key: "tll_s" })).toContain('Did you mean "ttl_s"?');
    expect(refusal({ type: "resolve_incident", service: "cache", fault: "crashed" })).toContain(
      'Did you mean "crash"?',
    );
  });

  test.for(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "%s is no service, key, fault or type",
    (name) => {
      expect(refusal({ type: "check_status", service: name })).toContain("expected one of load_balancer");
      expect(refusal({ type: "inspect_config", service: "cache", key: name })).toContain(
        `Unknown key "${name}" of cache.`,
      );
      expect(refusal({ type: "update_config", service: "cache", key: name, value: 1 })).toContain(
        `Unknown key "${name}"`,
      );
      expect(refusal({ type: "resolve_incident", service: "cache", fault: name })).toContain("expected one of crash");
      expect(refusal({ type: name })).toContain("Unknown action");
    },
  );
});

describe("a value that a key does not take", () => {
  test.for([
    ["cache", "ttl_s", 0, "cache.ttl_s: 0 is out of range; expected 1 to 86400 s."],
    ["cache", "ttl_s", -0, "cache.ttl_s: 0 is out of range; expected 1 to 86400 s."],
    ["cache", "ttl_s", 86_401, "cache.ttl_s: 86401 is out of range; expected 1 to 86400 s."],
    ["cache", "ttl_s", 1.5, "cache.ttl_s: expected a whole number (s) from 1 to 86400, got 1.5."],
    ["cache", "ttl_s", "300", 'cache.ttl_s: expected a whole number (s) from 1 to 86400, got "300".'],
    ["cache", "ttl_s", true, "cache.ttl_s: expected a whole number (s) from 1 to 86400, got true."],
    ["cache", "ttl_s", 1e308, "cache.ttl_s: expected a whole number (s) from 1 to 86400, got 1e+308."],
    ["cache", "ttl_s", 2 ** 53, "cache.ttl_s: expected a whole number"],
    ["database", "read_only", 0, "database.read_only: expected true or false, got 0."],
    ["database", "read_only", "false", 'database.read_only: expected true or false, got "false".'],
    ["cache", "compression", "zstd", 'cache.compression: expected one of lz4, none, got "zstd".'],
    ["cache", "compression", "__proto__", "cache.compression: expected one of lz4, none"],
    ["web_server", "payment_provider", "payfleet", "web_server.payment_provider is read-only."],
    ["web_server", "cache_host", "not a host", "web_server.cache_host: expected a host name"],
    ["web_server", "cache_token_id", "", "web_server.cache_token_id: expected a token id such as ct-07"],
    ["web_server", "app_version", "r0", "web_server.app_version: expected a release ("],
    ["load_balancer", "tls_cert_id", "mq-b", "load_balancer.tls_cert_id: expected a certificate of the inventory ("],
    ["load_balancer", "tls_cert_id", 5, "load_balancer.tls_cert_id: expected a name, got 5."],
    ["cache", "db_pool_size", 20, 'Unknown key "db_pool_size" of cache.'],
  ] as const)("%s.%s = %j", ([service, key, value, reason]) => {
    expect(refusal({ type: "update_config", service, key, value })).toContain(reason);
  });

  test.for(["NaN", "Infinity", "1e400", "-1e400", "0x10", "1_000", "--5", "[1]", '{"a":1}', "null"])(
    "%s written as text",
    (value) => {
      expect(refusal(`update_config(cache, ttl_s, ${value})`)).toMatch(/expected a (?:whole )?number/);
    },
  );

  test.for(SERVICES.map((service) => [service] as const))(
    "sounds the same for %s as for any other service",
    ([service]) => {
      const message = refusal({ type: "update_config", service, key: "nonsense_key", value: 1 });
      expect(message.replaceAll(service, "S").replace(/ It has: .*$/, "")).toBe('Unknown key "nonsense_key" of S.');
    },
  );
});

test("nothing of all this reaches the prototype of objects", () => {
  const before = Object.getOwnPropertyNames(Object.prototype);
  const evil = '{"type":"update_config","service":"cache","key":"__proto__","value":1,"__proto__":{"polluted":true}}';
  for (const action of [
    evil,
    JSON.parse(evil),
    "update_config(cache, __proto__, 1)",
    "inspect_config(__proto__, polluted)",
  ]) {
    refusal(action);
  }
  refusal({ type: "update_config", service: "cache", key: "ttl_s", value: JSON.parse(evil) });
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
