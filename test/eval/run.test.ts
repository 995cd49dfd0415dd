import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Agent } from "../../agents/agent.ts";
import { localClient } from "../../env/client/local.ts";
import { openBackend } from "../../env/store/backend.ts";
import type { Backend } from "../../env/store/backend.ts";
import type { EpisodeEntry } from "../../env/store/store.ts";
import { systemClock } from "../../eval/clock.ts";
import { makePlan } from "../../eval/plan.ts";
import type { Plan } from "../../eval/plan.ts";
import { metricsOf } from "../../eval/report/metrics.ts";
import { runPlan } from "../../eval/run.ts";
import type { RunDeps } from "../../eval/run.ts";
import { Stops } from "../../eval/stops.ts";
import { readVariants } from "../../eval/variants.ts";
import type { Variant } from "../../eval/variants.ts";
import { coreSuite } from "../../tasks/index.ts";
import { referenceFor } from "../../tasks/reference.ts";
import { ScriptedAgent } from "../helpers.ts";

const IDS = ["inc-117", "inc-131", "inc-123"];
const FACTS = { versions: { env: "1.0.0" }, config: {}, gitCommit: null, gitDirty: null };

const planned = (changes: Partial<Plan> = {}): Plan =>
  makePlan({
    runId: "run-1",
    suite: coreSuite,
    tasks: coreSuite.tasks.filter(({ id }) => IDS.includes(id)),
    variants: readVariants("random,expert"),
    trials: 2,
    baseSeed: 0,
    salt: "",
    ...changes,
  });

const play = (plan: Plan, { results: store, jobs }: Backend, changes: Partial<RunDeps> = {}, concurrency = 3) =>
  runPlan(plan, FACTS, concurrency, {
    store,
    jobs,
    clock: systemClock,
    connect: () => Promise.resolve(localClient(coreSuite)),
    referenceFor,
    stops: new Stops(),
    ...changes,
  });

/** The random agent's place, taken by another. */
const insteadOfRandom = (create: () => Agent): Variant[] =>
  readVariants("random,expert").map((variant) =>
    variant.label === "random" ? { ...variant, agent: { ...variant.agent, create } } : variant,
  );

const MEASURED = [
  "taskId",
  "seed",
  "trial",
  "variantLabel",
  "outcome",
  "score",
  "trajectorySha256",
  "metrics",
  "checks",
] as const;

/** What a run measured, without the names and times that differ between runs. */
const measured = (episodes: readonly EpisodeEntry[]) =>
  episodes.map((episode) => MEASURED.map((field) => episode[field]));

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "oncall-run-"));
  folders.push(folder);
  return join(folder, "oncall.db");
}

describe.for([
  ["memory", () => openBackend("memory:")],
  ["SQLite", () => openBackend(newFile())],
] as const)("a run into %s", ([, open]) => {
  test("plays and scores every slot once, and stores every step", async () => {
    const backend = await open();
    const store = backend.results;
    const plan = planned();
    const done: number[] = [];
    const summary = await play(plan, backend, { onEpisode: (event) => done.push(event.done) });
    expect(summary).toEqual({
      runId: "run-1",
      status: "complete",
      done: 12,
      planned: 12,
      errors: 0,
      unscored: 0,
      stopped: [],
      budget: null,
    });
    expect(done).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    expect((await store.slots("run-1", "scored")).map(({ slotId }) => slotId)).toEqual(
      plan.slots.map(({ slotId }) => slotId),
    );
    expect(await store.run("run-1")).toMatchObject({ status: "complete", fingerprint: plan.fingerprint });

    const episodes = await store.episodes({ runIds: ["run-1"] });
    expect(episodes).toHaveLength(12);
    for (const episode of episodes) {
      const steps = await store.steps(episode.episodeId);
      expect(steps).toHaveLength(episode.steps);
      expect(steps.map(({ step }) => step)).toEqual(steps.map((_, i) => i + 1));
      const total = steps.reduce((sum, { reward }) => sum + Math.round((reward ?? 0) * 1e6), 0);
      expect(total).toBe(Math.round((episode.score ?? -1) * 1e6));
    }
    const ofExpert = episodes.filter(({ variantLabel }) => variantLabel === "expert");
    expect(ofExpert.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 6 }, () => "success"));
    await store.close();
  });

  test("measures the same when the same is planned, whatever runs beside what", async () => {
    const results = [];
    for (const concurrency of [1, 5]) {
      const backend = await open();
      const store = backend.results;
      await play(planned(), backend, {}, concurrency);
      results.push(measured(await store.episodes()));
      await store.close();
    }
    expect(results[1]).toEqual(results[0]);
  });

  test("stores an agent that throws as our error, which moves no rate, and plays on", async () => {
    const backend = await open();
    const store = backend.results;
    const throwing = new ScriptedAgent((step) => {
      if (step === 1) throw new Error("the agent fell over");
      return "check_status(cache)";
    });
    const summary = await play(planned({ variants: insteadOfRandom(() => throwing) }), backend, {}, 1);
    expect(summary).toMatchObject({ status: "failed", done: 12, errors: 6 });
    expect((await store.run("run-1"))?.status).toBe("failed");

    const episodes = await store.episodes({ runIds: ["run-1"] });
    const lost = episodes.filter(({ variantLabel }) => variantLabel === "random");
    expect(lost).toHaveLength(6);
    for (const episode of lost) {
      expect(episode).toMatchObject({
        outcome: "harness_error",
        scored: false,
        score: null,
        errorDetail: "the agent fell over",
      });
    }
    expect(metricsOf(lost).success_rate?.value).toBeNull();
    expect(metricsOf(lost).mean_score?.value).toBeNull();
    expect(metricsOf(episodes)).toEqual(metricsOf(episodes.filter(({ scored }) => scored)));
    expect(metricsOf(episodes).success_rate?.value).toBe(1);
    await store.close();
  });

  test("that is asked to stop is paused: what was played stays, what was not is open", async () => {
    const backend = await open();
    const store = backend.results;
    const stops = new Stops();
    const summary = await play(
      planned(),
      backend,
      {
        stops,
        onEpisode: ({ done }) => {
          if (done === 4) stops.ask("episode", "a test");
        },
      },
      1,
    );
    expect(summary).toMatchObject({ status: "paused", done: 4, planned: 12 });
    expect(await store.run("run-1")).toMatchObject({ status: "paused", reason: "by a test", owner: null });
    expect(await store.slots("run-1", "scored")).toHaveLength(4);
    expect(await store.slots("run-1", "pending")).toHaveLength(8);
    expect((await store.episodes()).filter(({ outcome }) => outcome === null)).toEqual([]);
    await store.close();
  });

  test("that is stopped in the middle of an episode scores nothing of it", async () => {
    const backend = await open();
    const store = backend.results;
    const stops = new Stops();
    const stopping = () =>
      new ScriptedAgent((step) => {
        if (step === 2) stops.ask("now", "a test");
        return "check_status(cache)";
      });
    await play(planned({ variants: insteadOfRandom(stopping) }), backend, { stops }, 1);
    const [first, ...others] = await store.episodes();
    expect(first).toMatchObject({ outcome: "cancelled", scored: false, score: null });
    expect(others).toEqual([]);
    await store.close();
  });
});

test("a run whose environment cannot be reached stores every episode as our error or rejects, and closes what it opened", async () => {
  const backend = await openBackend("memory:");
  const store = backend.results;
  let open = 0;
  const connect = () => {
    const client = localClient(coreSuite);
    open += 1;
    return Promise.resolve({
      state: () => client.state(),
      step: (action: unknown) => client.step(action),
      reset: () => Promise.reject(new Error("connection refused")),
      close: () => {
        open -= 1;
        return client.close();
      },
    });
  };
  const summary = await play(planned(), backend, { connect });
  expect(summary).toMatchObject({ status: "failed", done: 12, errors: 12 });
  expect(open).toBe(0);
  expect(metricsOf(await store.episodes()).success_rate?.value).toBeNull();
  await store.close();
});
