import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localClient } from "../../../env/client/local.ts";
import { openMemoryBackend } from "../../../env/store/memory.ts";
import { sha256 } from "../../../env/store/canonical.ts";
import { systemClock } from "../../../eval/clock.ts";
import { readCurve } from "../../../eval/train/curve.ts";
import { train } from "../../../eval/train/train.ts";
import type { TrainPlan, TrainSummary } from "../../../eval/train/train.ts";
import { drawLearningCurve } from "../../../plots/learning-curve.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { tinySettings } from "../../agents/rl/fixtures.ts";
import { modelsAt, planned, playedRun } from "../run-fixtures.ts";

const root = mkdtempSync(join(tmpdir(), "oncall-train-"));
afterAll(() => rmSync(root, { recursive: true }));

const settings = tinySettings({
  seed: 4,
  envs: 8,
  horizon: 16,
  steps: 500,
  novelty: 0.05,
  curriculum: [
    { until: 0.5, bands: ["easy"] },
    { until: 1, bands: ["easy", "medium"] },
  ],
});

/** @param stopAfter updates after which a person stops it */
function trained(name: string, changes: Partial<TrainPlan> = {}, stopAfter = Infinity): Promise<TrainSummary> {
  const controller = new AbortController();
  return train(
    { folder: join(root, name), settings, from: null, evaluateEvery: 2, trials: 1, workers: 0, ...changes },
    {
      suite: coreSuite,
      client: localClient(coreSuite),
      clock: systemClock,
      signal: controller.signal,
      onUpdate: ({ updates }) => {
        if (updates >= stopAfter) controller.abort();
      },
      drawCurve: drawLearningCurve,
    },
  );
}

const bytes = (name: string): string => readFileSync(join(root, name, "checkpoint.json"), "utf8");
const optimiserSteps = (name: string): number => JSON.parse(bytes(name)).optimiser.steps;
const curve = (name: string) => readCurve(readFileSync(join(root, name, "log.csv"), "utf8"));

describe("a training", () => {
  let whole: TrainSummary;
  beforeAll(async () => {
    whole = await trained("whole");
  });

  test("plays its steps, and leaves checkpoint, best policy, log and figure, all whole", () => {
    expect(whole.status).toBe("complete");
    expect(whole.steps).toBeGreaterThanOrEqual(settings.steps);
    expect(readdirSync(join(root, "whole")).toSorted()).toEqual([
      "best.json",
      "checkpoint.json",
      "learning-curve.svg",
      "log.csv",
      "times.json",
    ]);
    expect(readFileSync(whole.files.figure, "utf8")).toContain("Learning curve");
    const points = curve("whole");
    expect(points.map(({ update }) => update)).toEqual(Array.from({ length: whole.updates }, (_, i) => i + 1));
    expect(points.at(-1)?.evalScore).not.toBeNull();
    expect([...new Set(points.map(({ bands }) => bands))]).toEqual(["easy", "easy+medium"]);
  });

  test("with the same seed again gives the same checkpoint, byte for byte", async () => {
    await trained("again");
    expect(bytes("again")).toBe(bytes("whole"));
    expect(curve("again")).toEqual(curve("whole"));
  });

  test("is the same with a worker thread", async () => {
    await trained("threads", { workers: 1 });
    expect(bytes("threads")).toBe(bytes("whole"));
  });

  test("with another seed gives another", async () => {
    await trained("other", { settings: { ...settings, seed: 5, steps: 100 } });
    expect(JSON.parse(bytes("other")).weights.body1).not.toBe(JSON.parse(bytes("whole")).weights.body1);
  });

  test("that was stopped and resumed ends like one that was not", async () => {
    const stopped = await trained("parts", {}, 3);
    expect(stopped).toMatchObject({ status: "stopped", updates: 3 });
    await trained("parts", { settings: null });
    expect(bytes("parts")).toBe(bytes("whole"));
    expect(curve("parts")).toEqual(curve("whole"));
  });

  test("from a warm start imitates the runbook first, and is as repeatable", async () => {
    const warm = tinySettings({ ...settings, steps: 300, warmStart: "runbook", demonstrations: 1, imitationEpochs: 2 });
    await trained("warm", { settings: warm });
    await trained("warm again", { settings: warm }, 1);
    await trained("warm again", { settings: null });
    expect(bytes("warm again")).toBe(bytes("warm"));
    const cold = await trained("cold", { settings: { ...warm, warmStart: "none" } });
    expect(optimiserSteps("warm")).toBeGreaterThan(optimiserSteps("cold"));
    expect(cold.duration).toMatchObject({ steps: cold.steps, episodes: cold.episodes });
    expect(cold.duration.cpu_s).toBeGreaterThan(0);
  });

  test("from the weights of another is as repeatable, and says whose they were", async () => {
    const from = join(root, "whole", "checkpoint.json");
    const next = { settings: { ...settings, seed: 6, steps: 100 }, from };
    await trained("next", next);
    await trained("next again", next);
    expect(bytes("next again")).toBe(bytes("next"));
    expect(JSON.parse(bytes("next")).settings.from).toBe(sha256(bytes("whole")));
    await expect(trained("next to none", { ...next, from: "nowhere.json" })).rejects.toThrow(
      'Cannot read the checkpoint "nowhere.json"',
    );
  });

  test("does not overwrite another, and does not go on from nothing", async () => {
    const before = bytes("whole");
    await expect(trained("whole")).rejects.toThrow("There is a training in");
    await expect(trained("nowhere", { settings: null })).rejects.toThrow("There is no checkpoint in");
    expect(bytes("whole")).toBe(before);
  });

  test("refuses a minibatch that does not divide its steps, and leaves nothing behind", async () => {
    const crooked = { ...settings, minibatch: 100 };
    await expect(trained("crooked", { settings: crooked })).rejects.toThrow(
      "expected a divisor of envs · horizon = 128",
    );
    expect(readdirSync(root)).not.toContain("crooked");
  });

  test("gives an agent that plays through the harness, the same way each time", async () => {
    const config = modelsAt({});
    const agents = `rl:${whole.files.checkpoint},random`;
    const scores = [];
    for (const runId of ["run-1", "run-2"]) {
      const backend = openMemoryBackend();
      const plan = planned(agents, config, ["inc-127", "inc-114"], { runId });
      const summary = await playedRun(plan, config, backend);
      expect(summary).toMatchObject({ status: "complete", done: 4, errors: 0 });
      const episodes = await backend.results.episodes({ runIds: [runId] });
      scores.push(episodes.map(({ variantLabel, score, steps }) => [variantLabel, score, steps]));
    }
    expect(scores[0]).toEqual(scores[1]);
  });

  test("a checkpoint of another environment does not get to play", () => {
    const file = join(root, "foreign.json");
    const foreign = JSON.parse(bytes("whole"));
    writeFileSync(file, JSON.stringify({ ...foreign, spec: { ...foreign.spec, obs_space_id: "o-00000000" } }));
    expect(() => planned(`rl:${file}`, modelsAt({}), ["inc-127"])).toThrow(
      "was trained for another environment: obs_space_id o-00000000 (here ",
    );
    expect(() => planned("rl:nowhere.json", modelsAt({}), ["inc-127"])).toThrow(
      'Cannot read the checkpoint "nowhere.json"',
    );
  });
});
