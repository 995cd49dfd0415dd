import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampleAction } from "../../../env/contract/sample.ts";
import { actionDef } from "../../../env/core/actions/index.ts";
import { act, beginEpisode } from "../../../env/core/episode.ts";
import type { Episode } from "../../../env/core/episode.ts";
import { lookAt } from "../../../env/core/observation.ts";
import { rngFor } from "../../../env/core/rng.ts";
import { cloneState } from "../../../env/core/snapshot.ts";
import { firstRow, historyValue, metricRows } from "../../../env/core/telemetry/history.ts";
import { NOISE, readMetrics } from "../../../env/core/telemetry/metrics.ts";
import type { RowKind } from "../../../env/core/telemetry/rows.ts";
import type { MetricsData } from "../../../env/core/telemetry/results.ts";
import { tick } from "../../../env/core/tick.ts";
import { SERVICES } from "../../../env/core/topology.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { taskOf } from "../../helpers.ts";

const someTask = fc.constantFrom(...coreSuite.tasks);

/** An episode some random actions after its page. */
function crawled(seed: number, task = taskOf("inc-108"), actions = 8): Episode {
  const episode = beginEpisode(task, seed, "telescoped", 0.99);
  const rng = rngFor(seed, "crawl", 0);
  for (let i = 0; i < actions; i += 1) {
    const action = sampleAction(rng);
    if (actionDef(action.type).kind !== "close") act(episode, action);
  }
  return episode;
}

const table = ({ state, instance }: Episode, service: (typeof SERVICES)[number]): MetricsData =>
  readMetrics(state, service, instance.noiseKey);

const begun = (): Episode => beginEpisode(taskOf("inc-121"), 3, "telescoped", 0.99);

describe("a look", () => {
  test("taken twice in one tick shows the same bytes, also when nothing was remembered of the first", () => {
    fc.assert(
      fc.property(fc.nat(), someTask, (seed, task) => {
        const { instance, state } = crawled(seed, task, 3);
        const fresh = { ...instance, memo: { revisions: {}, background: {} } };
        for (const service of SERVICES) {
          for (const type of ["inspect_logs", "inspect_metrics", "check_status", "inspect_config"] as const) {
            const first = JSON.stringify(lookAt(instance, state, { type, service }));
            expect(JSON.stringify(lookAt(instance, state, { type, service }))).toBe(first);
            expect(JSON.stringify(lookAt(fresh, cloneState(state), { type, service }))).toBe(first);
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  test("changes nothing but the time that it takes", () => {
    const episode = begun();
    const waited = cloneState(episode.state);
    act(episode, "inspect_logs(web_server)");
    act(episode, "inspect_config(load_balancer, rate_limit_rps)");
    tick(waited);
    tick(waited);
    expect(episode.state).toEqual(waited);
  });
});

describe("display noise", () => {
  test("of a metric does not move when another metric, or the actions before, are different", () => {
    const { state, instance } = crawled(5);
    for (const service of SERVICES) {
      const before = readMetrics(state, service, instance.noiseKey);
      for (const [i] of metricRows[service].entries()) {
        const changed = cloneState(state);
        changed.history[firstRow[service] + i] = historyValue(state, firstRow[service] + i, 0) * 2 + 7;
        const after = readMetrics(changed, service, instance.noiseKey);
        expect(after.rows.filter((_, row) => row !== i)).toEqual(before.rows.filter((_, row) => row !== i));
      }
    }
  });

  test("is the same for one who acted and one who only looked", () => {
    const [acting, looking] = [begun(), begun()];
    act(acting, "update_config(message_queue, visibility_timeout_ms, 70000)");
    for (let i = 0; i < 4; i += 1) act(looking, "check_status(cache)");
    for (const service of ["load_balancer", "web_server", "cache", "database"] as const) {
      expect(table(acting, service)).toEqual(table(looking, service));
    }
  });

  test("differs from tick to tick, and between episodes", () => {
    const { state, instance } = crawled(5);
    const now = JSON.stringify(readMetrics(state, "web_server", instance.noiseKey));
    expect(JSON.stringify(readMetrics({ ...state, tick: state.tick + 1 }, "web_server", instance.noiseKey))).not.toBe(
      now,
    );
    expect(JSON.stringify(readMetrics(state, "web_server", instance.noiseKey + 1))).not.toBe(now);
  });
});

describe("a metrics table", () => {
  /** What three digits and the noise may take from a value. */
  const SLACK = NOISE + 0.006;

  function fits(value: number, truth: number, kind: RowKind): boolean {
    if (!Number.isFinite(value) || value < 0 || (truth === 0 && value !== 0)) return false;
    if (kind === "ratio" && value > 1) return false;
    if (kind === "count" && !Number.isInteger(value)) return false;
    const wanted = kind === "ratio" ? Math.min(1, truth) : truth;
    return Math.abs(value - wanted) <= SLACK * truth + (kind === "count" ? 0.5 : 0.05);
  }

  test("stays in bounds whatever happened: ratios in [0, 1], counts whole, zero is zero, values near the truth", () => {
    fc.assert(
      fc.property(fc.nat(), someTask, (seed, task) => {
        const episode = crawled(seed, task);
        const odd = SERVICES.flatMap((service) =>
          table(episode, service).rows.flatMap(([name, , ...shown], i) =>
            shown
              .map((value, column) => ({
                name,
                value,
                truth: historyValue(episode.state, firstRow[service] + i, column),
              }))
              .filter(({ value, truth }) => !fits(value, truth, metricRows[service][i]?.kind as RowKind)),
          ),
        );
        expect(odd).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test("has its rows in the same order in every incident and at every time", () => {
    for (const task of coreSuite.tasks) {
      const episode = crawled(2, task, 2);
      for (const service of SERVICES) {
        expect(table(episode, service).rows.map(([name]) => name)).toEqual(metricRows[service].map(({ name }) => name));
      }
    }
  });

  test("starts level with yesterday where nothing has happened yet", () => {
    const { state, instance } = beginEpisode(taskOf("inc-130"), 8, "telescoped", 0.99);
    const memory = readMetrics(state, "cache", instance.noiseKey).rows.find(([name]) => name === "working_set_mb");
    const [five, thirty, yesterday] = (memory ?? []).slice(3);
    expect([five, thirty]).toEqual([yesterday, yesterday]);
  });
});
