import { afterEach, describe, expect, test } from "vitest";
import { openMemoryBackend } from "../../env/store/memory.ts";
import type { Backend } from "../../env/store/backend.ts";
import { careless, methodical } from "../../eval/mock-models/models.ts";
import { startMockProvider } from "../../eval/mock-provider/server.ts";
import type { MockProvider, MockProviderOptions } from "../../eval/mock-provider/server.ts";
import { leaderboard } from "../../eval/report/leaderboard.ts";
import { metricsOf } from "../../eval/report/metrics.ts";
import { checkEpisode } from "../../eval/verify/check-episode.ts";
import { Stops } from "../../eval/stops.ts";
import { coreSuite } from "../../tasks/index.ts";
import { modelsAt, planned, playedRun } from "./run-fixtures.ts";

const FIVE = ["inc-101", "inc-108", "inc-117", "inc-123", "inc-131"];
/** Enough tasks to tell a good agent from a bad one. */
const TEN = [...FIVE, "inc-102", "inc-103", "inc-104", "inc-105", "inc-106"];

const providers: MockProvider[] = [];
const backends: Backend[] = [];
afterEach(async () => {
  await Promise.all(providers.splice(0).map((one) => one.close()));
  await Promise.all(backends.splice(0).map((backend) => backend.close()));
});

async function provider(options: MockProviderOptions = {}): Promise<MockProvider> {
  const started = await startMockProvider(options);
  providers.push(started);
  return started;
}

function newBackend(): Backend {
  const backend = openMemoryBackend();
  backends.push(backend);
  return backend;
}

/** Nobody listens here: the port of a provider that has closed. */
async function deadAddress(): Promise<string> {
  const closed = await startMockProvider();
  await closed.close();
  return closed.baseUrl();
}

describe("language models in a run", () => {
  test("play beside agents that ask nobody; every scored episode replays to what is stored", async () => {
    const { baseUrl } = await provider({ reply: methodical });
    const config = modelsAt({ model: baseUrl() });
    const backend = newBackend();
    const store = backend.results;
    const plan = planned("random,runbook,tools:model,react:model,prompting:model", config, FIVE);
    const summary = await playedRun(plan, config, backend);
    expect(summary).toMatchObject({ status: "complete", done: 25, errors: 0, unscored: 0, stopped: [] });

    const episodes = await store.episodes();
    const of = (label: string) => episodes.filter(({ variantLabel }) => variantLabel === label);
    for (const profile of ["tools", "react"]) {
      // The model plays by the runbook, so that what it is told must be all that the runbook needs.
      expect(of(`${profile}:model`).map(({ score, steps }) => [score, steps])).toEqual(
        of("runbook").map(({ score, steps }) => [score, steps]),
      );
    }
    for (const episode of episodes) {
      const task = coreSuite.tasks.find(({ id }) => id === episode.taskId);
      expect(checkEpisode(episode, await store.steps(episode.episodeId), task as never)).toEqual([]);
    }
    for (const { providerCalls, steps, inputTokens, wallMs, waitingMs, workingMs } of of("tools:model")) {
      expect(providerCalls).toBe(steps);
      expect(inputTokens).toBeGreaterThan(1000);
      expect((waitingMs ?? NaN) + (workingMs ?? NaN)).toBe(wallMs);
    }
    const calls = await store.calls({ runId: "run-1" });
    expect(calls).toHaveLength(
      of("tools:model")
        .concat(of("react:model"), of("prompting:model"))
        .reduce((sum, { steps }) => sum + steps, 0),
    );
    const [one] = of("tools:model");
    expect(calls.filter(({ episodeId }) => episodeId === one?.episodeId).map(({ step }) => step)).toEqual(
      Array.from({ length: one?.steps ?? 0 }, (_, i) => i + 1),
    );
  });

  test("are the same model in two harnesses, and can be compared as such", async () => {
    const { baseUrl } = await provider({ reply: methodical });
    const config = modelsAt({ good: baseUrl() }, { engine_name: "mock", hardware: "loopback", quantization: "none" });
    const backend = newBackend();
    const store = backend.results;
    await playedRun(planned("tools:good,react:good,random", config, TEN), config, backend);
    const [react, tools] = (await store.variants("run-1")).filter(({ kind }) => kind === "llm");
    expect(tools).toMatchObject({ label: "tools:good", harness: "tools", model: "good", engineName: "mock" });
    expect(react).toMatchObject({
      ...tools,
      variantId: react?.variantId,
      label: "react:good",
      harness: "react",
      promptSha256: react?.promptSha256,
    });
    expect(react?.variantId).not.toBe(tools?.variantId);
    expect(react?.promptSha256).not.toBe(tools?.promptSha256);
    const board = leaderboard(await store.episodes());
    expect(board.map(({ rank }) => rank)).toEqual(["1–2", "1–2", "3"]);
    expect(board.map(({ scored }) => scored)).toEqual([10, 10, 10]);
  });

  test("that play badly are scored badly", async () => {
    const { baseUrl } = await provider({ reply: careless });
    const config = modelsAt({ bad: baseUrl() });
    const backend = newBackend();
    const store = backend.results;
    await playedRun(planned("tools:bad", config, FIVE), config, backend);
    const episodes = await store.episodes();
    expect(metricsOf(episodes).mean_score?.value).toBeLessThan(0.1);
    const steps = await store.steps(episodes[0]?.episodeId ?? "");
    expect(steps.filter(({ valid }) => !valid).map(({ invalidReason }) => invalidReason)).toContain("unparseable");
  });
});

describe("a provider's failure is never the agent's result", () => {
  test("a dead provider: given up after three episodes, nothing scored, no rank; the others finish", async () => {
    const config = modelsAt({ dead: await deadAddress() });
    const backend = newBackend();
    const store = backend.results;
    const summary = await playedRun(planned("tools:dead,random", config, FIVE), config, backend);
    expect(summary).toMatchObject({ status: "halted", done: 8, errors: 0, unscored: 3 });
    expect(summary.stopped).toEqual([
      { variants: ["tools:dead"], reason: expect.stringContaining("3 episodes in a row") },
    ]);
    expect(await store.run("run-1")).toMatchObject({ status: "halted", reason: expect.stringContaining("tools:dead") });
    expect((await store.events("run-1")).filter(({ type }) => type === "halt")).toHaveLength(1);
    const episodes = await store.episodes();
    const dead = episodes.filter(({ variantLabel }) => variantLabel === "tools:dead");
    expect(dead.map(({ outcome, errorClass, score }) => [outcome, errorClass, score])).toEqual(
      Array.from({ length: 3 }, () => ["provider_error", "network", null]),
    );
    expect(await store.slots("run-1", "pending")).toHaveLength(2);
    expect(leaderboard(episodes).find(({ variant }) => variant === "tools:dead")).toMatchObject({
      rank: "–",
      scored: 0,
    });
  });

  test("a refused key: given up at once", async () => {
    const { baseUrl, journal } = await provider();
    const config = modelsAt({ refused: baseUrl("status-401") });
    const backend = newBackend();
    const summary = await playedRun(planned("tools:refused", config, FIVE), config, backend);
    expect(summary).toMatchObject({ status: "halted", done: 1, unscored: 1 });
    expect(journal.entries).toHaveLength(1);
  });

  test("one that fails in the middle moves no rate, is played again at the end, and keeps what was played", async () => {
    const { baseUrl } = await provider({ reply: methodical, script: ["ok x9", "status-500", "ok*"] });
    const config = modelsAt({ shaky: baseUrl() });
    const backend = newBackend();
    const store = backend.results;
    const events: string[] = [];
    const summary = await playedRun(planned("tools:shaky,runbook", config, FIVE), config, backend, {
      onEpisode: ({ slot, outcome, done }) => events.push(`${slot.variant.label} ${outcome} ${done}`),
    });
    expect(summary).toMatchObject({ status: "complete", done: 10, unscored: 0 });
    const episodes = await store.episodes();
    const spoilt = episodes.filter(({ outcome }) => outcome === "provider_error");
    expect(spoilt).toHaveLength(1);
    expect(spoilt[0]).toMatchObject({
      scored: false,
      score: null,
      attempt: 1,
      final: false,
      providerFailures: 1,
      errorClass: "server",
    });
    expect((await store.steps(spoilt[0]?.episodeId ?? "")).length).toBe(spoilt[0]?.steps);
    expect(spoilt[0]?.steps).toBeGreaterThan(0);
    const again = episodes.filter(({ slotId, final }) => slotId === spoilt[0]?.slotId && final);
    expect(again).toMatchObject([{ attempt: 2, scored: true }]);
    const scores = (label: string) =>
      episodes.filter((one) => one.final && one.variantLabel === label).map(({ score }) => score);
    expect(scores("tools:shaky")).toEqual(scores("runbook"));
    expect(events.at(-1)).toMatch(/^tools:shaky (?:success|failure) 10$/);
  });

  test("without a second try the rates are those of the other episodes", async () => {
    const { baseUrl } = await provider({ reply: methodical, script: ["ok x9", "status-500", "ok*"] });
    const config = modelsAt({ shaky: baseUrl() });
    const backend = newBackend();
    const store = backend.results;
    const summary = await playedRun(planned("tools:shaky", config, FIVE), config, backend, {
      rules: { episodeRetries: 0 },
    });
    expect(summary).toMatchObject({ status: "complete", unscored: 1 });
    const episodes = await store.episodes();
    expect(metricsOf(episodes)).toEqual(metricsOf(episodes.filter(({ scored }) => scored)));
    expect(episodes.filter(({ scored }) => scored)).toHaveLength(4);
  });

  test("an endpoint whose share of failures is too large is given up", async () => {
    const script = ["ok x60", "status-500", "ok x3", "status-500", "ok x3", "status-500*"];
    const { baseUrl } = await provider({ reply: methodical, script });
    const config = modelsAt({ worse: baseUrl() });
    const backend = newBackend();
    const plan = planned("tools:worse", config, FIVE, { trials: 4 });
    const summary = await playedRun(plan, config, backend, { rules: { maxErrorRate: 0.1 } });
    expect(summary.status).toBe("halted");
    expect(summary.done).toBeLessThan(20);
  });
});

describe("what ends an episode of a model, and is scored", () => {
  test.for([
    ["context-code", "context_exceeded", 0],
    ["context-phrase", "context_exceeded", 0],
    ["refusal-prose", "invalid_streak", 8],
    ["filter-finish", "invalid_streak", 8],
    ["truncated", "invalid_streak", 8],
    ["billed-silence", "invalid_streak", 8],
  ] as const)("%s: %s after %i steps", async ([fault, reason, steps]) => {
    const { baseUrl } = await provider();
    const config = modelsAt({ model: baseUrl(fault) });
    const backend = newBackend();
    const store = backend.results;
    await playedRun(planned("tools:model", config, ["inc-117"]), config, backend);
    const [episode] = await store.episodes();
    expect(episode).toMatchObject({ scored: true, outcome: "failure", terminalReason: reason, steps });
    const [task] = coreSuite.tasks.filter(({ id }) => id === "inc-117");
    expect(checkEpisode(episode as never, await store.steps(episode?.episodeId ?? ""), task as never)).toEqual([]);
  });

  test("too many tokens: token_limit", async () => {
    const { baseUrl } = await provider({ reply: methodical });
    const config = modelsAt({ model: baseUrl() });
    const backend = newBackend();
    const store = backend.results;
    await playedRun(planned("tools:model", config, ["inc-117"]), config, backend, {
      rules: { maxEpisodeTokens: 5000 },
    });
    const [episode] = await store.episodes();
    expect(episode).toMatchObject({ scored: true, terminalReason: "token_limit" });
    expect((episode?.inputTokens ?? 0) + (episode?.outputTokens ?? 0)).toBeGreaterThanOrEqual(5000);
  });

  test("a person who stops the run: paused, and nothing is scored of it", async () => {
    const { baseUrl } = await provider({ reply: methodical });
    const config = modelsAt({ model: baseUrl() });
    const backend = newBackend();
    const store = backend.results;
    const stops = new Stops();
    const summary = await playedRun(planned("tools:model", config, FIVE), config, backend, {
      stops,
      onStep: (_, { turn }) => turn !== null && stops.ask("now", "a test"),
    });
    expect(summary.status).toBe("paused");
    expect((await store.episodes()).map(({ outcome }) => outcome)).toEqual(["cancelled"]);
  });
});
