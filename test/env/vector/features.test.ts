import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { actionDef } from "../../../env/core/actions/index.ts";
import { act, beginEpisode, firstObservation } from "../../../env/core/episode.ts";
import type { Episode } from "../../../env/core/episode.ts";
import type { Observation } from "../../../env/core/observation.ts";
import { rngFor } from "../../../env/core/rng.ts";
import type { Task } from "../../../env/core/task.ts";
import { logConditions, logLines } from "../../../env/core/telemetry/logs.ts";
import { SERVICES } from "../../../env/core/topology.ts";
import { actionJson, ACTIONS } from "../../../env/vector/actions/table.ts";
import { firstTemplate, LOG_TEMPLATES, readLine } from "../../../env/vector/features/log-templates.ts";
import { Observer } from "../../../env/vector/features/observer.ts";
import { FEATURES } from "../../../env/vector/features/table.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { everySibling, seedOfSibling } from "../../helpers.ts";
import { twinsOf } from "../../leaks/twins.ts";
import { actionSequence, anySeed } from "../core/arbitraries.ts";
import { secretIn } from "../core/visible.ts";
import { anyAction } from "./policy.ts";

const tasks = fc.constantFrom(...coreSuite.tasks);

/** Observations of an episode, the page first. */
function observationsOf(episode: Episode, actions: readonly unknown[]): Observation[] {
  const seen = [firstObservation(episode)];
  for (const action of actions) if (episode.verdict === null) seen.push(act(episode, action).observation);
  return seen;
}

/** The row of features after every observation. */
function rowsOf(observations: readonly Observation[]): number[][] {
  const observer = new Observer();
  return observations.map((observation, i) => {
    if (i === 0) observer.begin(observation);
    else observer.see(observation);
    return Array.from(observer.row);
  });
}

/** What a random policy plays by index, as JSON. */
function scripted(task: Task, seed: number, steps: number): unknown[] {
  const rng = rngFor(seed, "features", 0);
  const episode = beginEpisode(task, seed, "sparse", 1);
  const observer = new Observer();
  observer.begin(firstObservation(episode));
  const script: unknown[] = [];
  while (episode.verdict === null && script.length < steps) {
    const action = actionJson(ACTIONS[anyAction(rng)] as (typeof ACTIONS)[number], observer.shown);
    script.push(action);
    observer.see(act(episode, action).observation);
  }
  return script;
}

describe("features", () => {
  test("are told apart by name, and none names what is hidden", () => {
    expect(new Set(FEATURES.map(({ name }) => name)).size).toBe(FEATURES.length);
    for (const { name } of FEATURES) expect([name, secretIn(name)]).toEqual([name, null]);
  });

  test("stay within their bounds whatever is played", () => {
    fc.assert(
      fc.property(tasks, anySeed, actionSequence, (task, seed, actions) => {
        for (const row of rowsOf(observationsOf(beginEpisode(task, seed, "sparse", 1), actions))) {
          const wrong = FEATURES.filter(
            ({ low, high }, i) => !((row[i] as number) >= low && (row[i] as number) <= high),
          );
          expect(wrong).toEqual([]);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("nearly all move: what never does tells a policy nothing", () => {
    const moved = new Set<number>();
    const note = (rows: number[][]) => rows.forEach((row) => row.forEach((value, i) => value !== 0 && moved.add(i)));
    for (let seed = 0; seed < 80; seed += 1) {
      const task = coreSuite.tasks[seed % coreSuite.tasks.length] as Task;
      note(rowsOf(observationsOf(beginEpisode(task, seed, "sparse", 1), scripted(task, seed, 24))));
    }
    const looks = ACTIONS.filter(({ type, fields }) => actionDef(type).kind === "observe" && fields.key === undefined);
    for (const { task, sibling } of everySibling) {
      for (const part of [looks.slice(0, 10), looks.slice(10)]) {
        const script = part.map(({ fields }) => fields);
        note(rowsOf(observationsOf(beginEpisode(task, seedOfSibling(task, sibling), "sparse", 1), script)));
      }
    }
    expect(FEATURES.filter((_, i) => !moved.has(i)).length / FEATURES.length).toBeLessThan(0.08);
  });

  test("are the same for twins that differ in hidden labels alone", () => {
    for (const task of coreSuite.tasks) {
      const [plain, other] = twinsOf(task);
      const script = scripted(plain, 11, 24);
      const [one, two] = [plain, other].map((twin) =>
        rowsOf(observationsOf(beginEpisode(twin, 11, "sparse", 1), script)),
      );
      expect(two).toEqual(one);
    }
  });

  test("survive JSON: they need nothing but what stands in observations", () => {
    const task = coreSuite.tasks[7] as Task;
    const observations = observationsOf(beginEpisode(task, 5, "sparse", 1), scripted(task, 5, 24));
    expect(rowsOf(JSON.parse(JSON.stringify(observations)) as Observation[])).toEqual(rowsOf(observations));
  });
});

describe("a log line", () => {
  test("is known by its words as what its condition writes, and background as nothing", () => {
    const met = new Set<number>();
    fc.assert(
      fc.property(tasks, fc.nat(9_999), (task, seed) => {
        const episode = beginEpisode(task, seed, "sparse", 1);
        const script = scripted(task, seed, 10);
        for (const action of script) {
          if (episode.verdict !== null) return;
          for (const service of SERVICES) {
            for (const { level, text, code } of logLines(episode.instance, episode.state, service)) {
              const expected = code === null ? -1 : logConditions[service].findIndex((one) => one.code === code);
              const { template } = readLine(service, `02:16:40 ${level} ${text}`);
              expect([text, template]).toEqual([text, expected < 0 ? -1 : firstTemplate[service] + expected]);
              if (template >= 0) met.add(template);
            }
          }
          act(episode, action);
        }
      }),
      { numRuns: 60 },
    );
    expect(met.size).toBeGreaterThan(LOG_TEMPLATES.length / 2);
  });

  test("counts as often as it says", () => {
    expect(
      readLine("web_server", "06:47:32 ERROR INSERT at db-x refused: read-only transaction (8830 in 60 s)"),
    ).toEqual({
      template: LOG_TEMPLATES.findIndex(({ words }) => words === "INSERT at # refused: read-only transaction"),
      count: 8830,
    });
    expect(readLine("web_server", "06:47:32 INFO template cache rebuilt")).toEqual({ template: -1, count: 1 });
  });
});
