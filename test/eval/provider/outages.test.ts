import { afterEach, describe, expect, test } from "vitest";
import type { ProviderError } from "../../../agents/llm/errors.ts";
import { openMemoryStore } from "../../../env/store/memory.ts";
import type { ResultStore } from "../../../env/store/store.ts";
import { HaltRule } from "../../../eval/provider/halt.ts";
import { startMockProvider } from "../../../eval/mock-provider/server.ts";
import type { MockProvider } from "../../../eval/mock-provider/server.ts";
import { aPlan, planned } from "../../env/store/fixtures.ts";
import { ASK, going, realModel } from "./real.ts";
import { REQUEST, scriptedModel, SERVER_ERROR } from "./scripted.ts";
import type { Ending } from "./scripted.ts";
import { VirtualClock } from "./virtual-clock.ts";

let mock: MockProvider | null = null;
afterEach(async () => {
  await mock?.close();
  mock = null;
});

/** A store with a run, so that what the breaker does is recorded. */
async function storeWithRun(): Promise<ResultStore> {
  const store = openMemoryStore();
  await planned(store, "r", aPlan(["random"], ["inc-101"]));
  return store;
}

const eventsOf = async (store: ResultStore) => (await store.events("r")).map(({ type }) => type);

describe("F33 failures in a row", () => {
  const FAIL = "status-500";
  test.each<[string, readonly string[], readonly string[]]>([
    ["three open the breaker once", [FAIL, FAIL, FAIL, "ok*"], ["breaker_opened", "breaker_probe", "breaker_closed"]],
    ["two, a success and two never do", [FAIL, FAIL, "ok", FAIL, FAIL, "ok*"], []],
  ])("%s", async (_, script, events) => {
    mock = await startMockProvider({ script });
    const clock = new VirtualClock();
    const store = await storeWithRun();
    const real = realModel(mock.baseUrl(), { clock, store, policy: { breaker_threshold: 3 }, options: { runId: "r" } });
    const episode = real.model.forEpisode(null);
    await clock.run(episode.complete(ASK, going), real.isSending);
    await clock.run(episode.complete(ASK, going), real.isSending);
    expect(await eventsOf(store)).toEqual(events);
    await real.connections.close();
  });
});

/** Makes requests until twenty have succeeded; what is given up is asked again, as an episode would be. */
async function outlasted(ending: (second: number) => Ending) {
  const clock = new VirtualClock();
  const store = await storeWithRun();
  const options = { runId: "r" };
  const { model, starts } = scriptedModel(() => ending(clock.monotonic() / 1000), { clock, store, options });
  const outcomes: string[] = [];
  const work = async () => {
    while (outcomes.filter((outcome) => outcome === "ok").length < 20) {
      const request = model.forEpisode(null).complete(REQUEST, going);
      outcomes.push(
        await request.then(
          () => "ok",
          () => "given up",
        ),
      );
    }
  };
  await clock.run(work());
  const givenUp = outcomes.filter((outcome) => outcome === "given up").length;
  return { starts, givenUp, events: await eventsOf(store), minutes: clock.monotonic() / 60_000 };
}

describe("F34 an outage", () => {
  test("of ten minutes costs one probe a minute, and all goes on afterwards", async () => {
    const { starts, events, minutes } = await outlasted((second) =>
      second > 60 && second < 660 ? SERVER_ERROR : "ok",
    );
    const during = starts.filter((start) => start > 110 && start < 660);
    expect(during.length).toBeLessThanOrEqual(10);
    expect(events.filter((type) => type === "breaker_closed")).toHaveLength(1);
    expect(events.at(-1)).toBe("breaker_closed");
    expect(minutes).toBeLessThan(20);
  });

  test("that comes and goes every 90 s loses no request", async () => {
    const { givenUp } = await outlasted((second) => (Math.floor(second / 90) % 2 === 0 ? "ok" : SERVER_ERROR));
    expect(givenUp).toBe(0);
  });
});

/** Plays episodes of one request each, as a runner does, until the rule halts. */
async function playedUntilHalt(ending: (episode: number) => Ending, episodes: number) {
  const clock = new VirtualClock();
  const rule = new HaltRule();
  const outcomes: string[] = [];
  const { model, starts } = scriptedModel(() => ending(outcomes.length), { clock });
  const { endpointKey } = model;
  const work = async () => {
    while (outcomes.length < episodes && rule.haltOf(endpointKey) === null) {
      const error = await model
        .forEpisode(null)
        .complete(REQUEST, going)
        .then(() => null)
        .catch((thrown: unknown) => thrown as ProviderError);
      const outcome = error === null ? "success" : "provider_error";
      outcomes.push(outcome);
      rule.episodeEnded({ endpointKey, outcome, error });
    }
  };
  await clock.run(work());
  return { outcomes, halts: rule.halts, starts };
}

describe("F35, F36 a provider that stays down", () => {
  test("for good is given up after three episodes, none of them scored", async () => {
    const { outcomes, halts, starts } = await playedUntilHalt(() => SERVER_ERROR, 40);
    expect(outcomes).toEqual(Array(3).fill("provider_error"));
    expect(halts).toMatchObject([{ reason: "in_a_row" }]);
    expect(starts).toHaveLength(18);
  });

  test("for one request alone costs that episode, and the run completes", async () => {
    const { outcomes, halts } = await playedUntilHalt((episode) => (episode === 4 ? SERVER_ERROR : "ok"), 12);
    expect(outcomes.filter((outcome) => outcome === "success")).toHaveLength(11);
    expect(halts).toEqual([]);
  });

  test("with a wrong key is given up at once", async () => {
    const { outcomes, halts, starts } = await playedUntilHalt(() => ({ class: "auth", status: 401 }), 40);
    expect([outcomes.length, starts.length]).toEqual([1, 1]);
    expect(halts).toMatchObject([{ reason: "fatal" }]);
  });
});

/** A provider that limits until that second, and says for how long. */
const limitedUntil =
  (clock: VirtualClock, second: number): (() => Ending) =>
  () => {
    const left = second * 1000 - clock.monotonic();
    return left > 0 ? { class: "rate_limited", status: 429, retryAfterMs: left } : "ok";
  };

const sum = (values: readonly (number | null | undefined)[]): number =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0);

describe("F37 a storm of 429", () => {
  test("at four workers ends with one probe, and the epoch rule holds", async () => {
    const clock = new VirtualClock();
    const store = await storeWithRun();
    const policy = { min_interval_s: 0, rate_limit: 0, max_in_flight: 4 };
    const bare: Ending = { class: "rate_limited", status: 429 };
    const { model, starts } = scriptedModel((call) => (call < 8 ? bare : "ok"), {
      clock,
      store,
      policy,
      options: { runId: "r" },
    });
    const four = [1, 2, 3, 4].map(() => model.forEpisode(null).complete(REQUEST, going));
    await clock.run(Promise.all(four));
    expect(starts.slice(0, 4)).toEqual([0, 0, 0, 0]);
    const probes = (await store.events("r")).filter(({ type }) => type === "breaker_probe").map(({ at }) => at);
    const sentAt = (await store.calls()).map((call) => call.sentAt);
    for (const probe of probes) expect(sentAt.filter((at) => at >= probe && at < probe + 1000)).toHaveLength(1);
    expect(await store.gate(model.endpointKey)).toMatchObject({ state: "closed", failures: 0 });
  });

  /** Without any waiting beyond need: every worker learns once that it is limited if it may, and then succeeds. */
  test.each([
    [1, 50 + 1],
    [50, 50 + 50],
  ])("for 60 s at fifty workers, %i in flight, costs at most 1.2 times the least possible", async (inFlight, least) => {
    const clock = new VirtualClock();
    const policy = { min_interval_s: 0, rate_limit: 0, max_in_flight: inFlight };
    const limited = limitedUntil(clock, 60);
    const { model, starts } = scriptedModel(limited, { clock, policy, latencyMs: 100 });
    const workers = Array.from({ length: 50 }, () => model.forEpisode(null).complete(REQUEST, going));
    await clock.run(Promise.all(workers));
    expect(starts.length).toBeLessThanOrEqual(1.2 * least);
    expect(starts.filter((start) => start > 0.1 && start < 60)).toEqual([]);
  });

  test("tokens are what the provider counted, exactly, retries and all", async () => {
    mock = await startMockProvider({
      script: ["ok x3", "rate-limit-zero x2", "status-500", "ok x9", "cut-json", "ok*"],
    });
    const clock = new VirtualClock();
    const store = openMemoryStore();
    const real = realModel(mock.baseUrl(), { clock, store, policy: { max_in_flight: 4 } });
    const episodes = Array.from({ length: 20 }, () => real.model.forEpisode(null));
    await clock.run(Promise.all(episodes.map((episode) => episode.complete(ASK, going))), real.isSending);
    const calls = await store.calls();
    const theirs = mock.journal.entries;
    expect(sum(calls.map(({ inputTokens }) => inputTokens))).toBe(sum(theirs.map(({ inputTokens }) => inputTokens)));
    expect(sum(calls.map(({ outputTokens }) => outputTokens))).toBe(
      sum(theirs.map(({ outputTokens }) => outputTokens)),
    );
    expect(sum(episodes.map(({ totals }) => totals.inputTokens))).toBe(sum(theirs.map((one) => one.inputTokens)));
    expect(calls).toHaveLength(theirs.length);
    await real.connections.close();
  });
});

describe("F30 the model behind a name", () => {
  test("is an event when it changes, not when its name is only dated", async () => {
    const models = ["some-model-2026-11", "some-model-2026-11", "other", "other", "some-model-2026-11"];
    mock = await startMockProvider({ script: models.map((model) => ({ do: "reply", model })) });
    const store = await storeWithRun();
    const real = realModel(mock.baseUrl(), { store, options: { runId: "r" } });
    for (const _ of models) await real.model.forEpisode(null).complete(ASK, going);
    const events = await store.events("r");
    expect(events.map(({ type, data }) => [type, data])).toEqual([
      ["model_changed", { from: "some-model-2026-11", to: "other" }],
      ["model_changed", { from: "other", to: "some-model-2026-11" }],
    ]);
    expect((await store.calls()).map(({ modelReturned }) => modelReturned)).toEqual(models);
    await real.connections.close();
  });
});
