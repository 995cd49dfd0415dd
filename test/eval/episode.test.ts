import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Agent, LastTurn, Turn } from "../../agents/agent.ts";
import type { EnvClient } from "../../env/client/client.ts";
import { localClient } from "../../env/client/local.ts";
import { storableAction } from "../../env/contract/storable.ts";
import { canonicalJson } from "../../env/store/canonical.ts";
import { systemClock } from "../../eval/clock.ts";
import { playEpisode, tryEpisode } from "../../eval/episode.ts";
import type { EpisodeRequest } from "../../eval/episode.ts";
import { TimedModel } from "../../eval/timed-model.ts";
import { replay } from "../../eval/verify/replay.ts";
import { coreSuite } from "../../tasks/index.ts";
import { says } from "../agents/llm/scripted-model.ts";
import { ScriptedAgent, taskOf } from "../helpers.ts";
import { VirtualClock } from "./provider/virtual-clock.ts";

const TASK = "inc-117";
const SEED = 5;

const requestFor = (agent: Agent, changes: Partial<EpisodeRequest> = {}): EpisodeRequest => ({
  client: localClient(coreSuite),
  nearby: () => localClient(coreSuite),
  agent,
  context: { rng: () => 0 },
  taskId: TASK,
  seed: SEED,
  clock: systemClock,
  signal: new AbortController().signal,
  ...changes,
});

/** An agent whose turns a function gives, and which notes its end. */
class TurnAgent implements Agent {
  readonly ends: (LastTurn | null)[] = [];
  readonly #next: (step: number, signal: AbortSignal) => Turn | Promise<Turn>;
  #step = 0;

  constructor(next: (step: number, signal: AbortSignal) => Turn | Promise<Turn>) {
    this.#next = next;
  }

  begin(): void {
    this.#step = 0;
  }

  async act(_observation: unknown, signal: AbortSignal): Promise<Turn> {
    this.#step += 1;
    return this.#next(this.#step, signal);
  }

  async end(last: LastTurn | null): Promise<void> {
    this.ends.push(last);
  }
}

const LOOK: Turn = { action: "inspect_logs(cache)" };

/** One that quits after three looks. */
const stopping = () => new TurnAgent((step) => (step > 3 ? { action: null, stop: "agent_quit" } : LOOK));

/** A client whose protocol has no word for cutting an episode short. */
function withoutTruncate(client: EnvClient): EnvClient {
  return {
    reset: (request) => client.reset(request),
    step: (action) => client.step(action),
    state: () => client.state(),
    close: () => client.close(),
  };
}

describe("an agent that stops, or passes a limit, is scored like one whose steps are used up", () => {
  test.for(["context_exceeded", "agent_quit", "time_limit"] as const)("%s", async (stop) => {
    const agent = new TurnAgent((step) => (step > 2 ? { action: null, stop } : LOOK));
    const played = await playEpisode(requestFor(agent));
    expect(played.verdict).toMatchObject({ ended: stop, success: false, resolved: false });
    expect(played.steps).toHaveLength(2);
    expect(agent.ends).toMatchObject([{ truncated: true, terminated: false }]);
  });

  test("before its first step, too", async () => {
    const played = await playEpisode(requestFor(new TurnAgent(() => ({ action: null, stop: "agent_quit" }))));
    expect(played.verdict.ended).toBe("agent_quit");
    expect(played.steps).toEqual([]);
  });

  test("after eight invalid actions in a row, whatever the budget", async () => {
    const agent = new ScriptedAgent((step) => (step === 2 ? "inspect_logs(cache)" : "nonsense"));
    const played = await playEpisode(requestFor(agent));
    expect(played.verdict.ended).toBe("invalid_streak");
    expect(played.steps).toHaveLength(11);
  });

  test("once its tokens are used up", async () => {
    const agent = new TurnAgent(() => ({ ...LOOK, tokens: 400 }));
    const played = await playEpisode(requestFor(agent, { limits: { maxTokens: 1000 } }));
    expect(played.verdict.ended).toBe("token_limit");
    expect(played.steps).toHaveLength(3);
  });

  test("with a verdict and hashes that a replay of the stored actions gives again", async () => {
    const agent = new TurnAgent((step) => (step > 3 ? { action: null, stop: "agent_quit" } : LOOK));
    const played = await playEpisode(requestFor(agent));
    const actions = played.steps.map(({ action }) => action);
    const again = replay({ task: taskOf(TASK), seed: SEED, actions, cutBy: "agent_quit" });
    expect(again.trajectorySha256).toBe(played.trajectorySha256);
    expect(again.verdict).toEqual(played.verdict);
  });

  test("in a remote environment as in a near one", async () => {
    const near = await playEpisode(requestFor(stopping()));
    const far = await playEpisode(requestFor(stopping(), { client: withoutTruncate(localClient(coreSuite)) }));
    expect({ ...far, wallMs: 0, steps: [] }).toEqual({ ...near, wallMs: 0, steps: [] });
  });

  test("and a remote environment that plays otherwise than this build is our error", async () => {
    const client = withoutTruncate(localClient(coreSuite));
    const other = { ...client, reset: () => client.reset({ seed: SEED + 1, options: { task_id: TASK, text: false } }) };
    const agent = new TurnAgent((step) => (step > 1 ? { action: null, stop: "agent_quit" } : LOOK));
    const played = await tryEpisode(requestFor(agent, { client: other }));
    expect("error" in played && (played.error as Error).message).toContain("compare their versions");
  });
});

describe("what an agent breaks", () => {
  test("leaves what was played of it, and ends the agent", async () => {
    const agent = new TurnAgent((step) => {
      if (step === 3) throw new Error("the agent fell over");
      return LOOK;
    });
    const played = await tryEpisode(requestFor(agent));
    expect(played).toMatchObject({ error: new Error("the agent fell over"), steps: [{ step: 1 }, { step: 2 }] });
    expect(agent.ends).toEqual([null]);
  });

  test("by giving no turn is our error after a quarter of an hour of work, and its signal is aborted", async () => {
    const clock = new VirtualClock();
    let aborted = false;
    const agent = new TurnAgent(
      (_, signal) =>
        new Promise(() => {
          signal.addEventListener("abort", () => {
            aborted = true;
          });
        }),
    );
    const played = await clock.run(tryEpisode(requestFor(agent, { clock, limits: { patienceMs: 900_000 } })));
    expect("error" in played && (played.error as Error).message).toBe(
      "The agent gave no turn in 900 s of working time.",
    );
    expect(aborted).toBe(true);
    expect(played.wallMs).toBe(900_000);
  });

  test("by waiting for others is no error, however long", async () => {
    const clock = new VirtualClock();
    const slow = { complete: () => clock.sleep(3_600_000).then(() => says("x")) };
    const model = new TimedModel(slow, clock);
    const agent = new TurnAgent(async (step, signal) => {
      await model.complete({ messages: [] }, signal);
      return step > 2 ? { action: "resolve_incident(none, no_fault)" } : LOOK;
    });
    const patient = { clock, limits: { patienceMs: 900_000 }, waitedMs: () => model.askedMs };
    const played = await clock.run(tryEpisode(requestFor(agent, patient)));
    expect(played).toMatchObject({ verdict: { ended: "resolved" }, wallMs: 10_800_000 });
  });
});

describe("an action of any kind", () => {
  test.for([
    ["nothing", undefined],
    ["null", null],
    ["beyond all numbers", { type: "update_config", service: "cache", key: "ttl_s", value: Infinity }],
    ["half a character", "escalate(\ud800)"],
    ["a function", () => 1],
    ["a big integer", { type: "inspect_logs", service: 1n }],
    ["a date", { type: "inspect_logs", at: new Date(0) }],
    ["a cycle", cycle()],
    ["a megabyte", "x".repeat(1_000_000)],
    ["deep", deep(30)],
  ] as const)("%s is an invalid action that is stored and replayed as null", async ([, action]) => {
    const agent = new ScriptedAgent((step) => (step === 0 ? action : "resolve_incident(none, no_fault)"));
    const played = await playEpisode(requestFor(agent));
    expect(played.steps[0]).toMatchObject({ action: null, valid: false });
    const actions = played.steps.map((step) => step.action);
    const again = replay({ task: taskOf(TASK), seed: SEED, actions, cutBy: null });
    expect(again.trajectorySha256).toBe(played.trajectorySha256);
  });

  test("that JSON can carry is stored as it is", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (action) => {
        expect(storableAction(action)).toBe(action);
        expect(JSON.parse(canonicalJson(action))).toEqual(JSON.parse(JSON.stringify(action)));
      }),
      { numRuns: 300 },
    );
  });
});

function cycle(): unknown {
  const value: Record<string, unknown> = { type: "inspect_logs" };
  value["self"] = value;
  return value;
}

function deep(levels: number): unknown {
  return levels === 0 ? "end" : [deep(levels - 1)];
}

test("rewards of a whole episode sum to its score, and a turn's facts stand with its step", async () => {
  const agent = new TurnAgent((step) => ({
    action: step === 4 ? "resolve_incident(database, mode)" : "inspect_logs(database)",
    raw: "said",
    extraToolCalls: step,
    info: { reasoning_promoted: true },
  }));
  const { steps, verdict } = await playEpisode(requestFor(agent));
  expect(steps.reduce((sum, { reward }) => sum + Math.round(reward * 1e6), 0)).toBe(Math.round(verdict.score * 1e6));
  expect(steps[1]).toMatchObject({
    extraToolCalls: 2,
    info: { reasoning_promoted: true },
    rawSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});
