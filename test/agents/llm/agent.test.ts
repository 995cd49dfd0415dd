import { describe, expect, test } from "vitest";
import type { Turn } from "../../../agents/agent.ts";
import { LlmAgent } from "../../../agents/llm/agent.ts";
import type { ChatReply } from "../../../agents/llm/chat-model.ts";
import { COMPLAINTS } from "../../../agents/llm/complaints.ts";
import { ContextExceeded, ProviderError } from "../../../agents/llm/errors.ts";
import { profiles } from "../../../agents/llm/profiles.ts";
import type { Profile } from "../../../agents/llm/profiles.ts";
import { RunbookAgent } from "../../../agents/runbook/runbook.ts";
import { parseAction } from "../../../env/contract/index.ts";
import { IncidentEnv } from "../../../env/core/env.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { calls, says, ScriptedModel, silent } from "./scripted-model.ts";

const TOOLS = profiles[0] as Profile;
const { signal } = new AbortController();
const page = () => new IncidentEnv(coreSuite).reset({ seed: 3, options: { task_id: "inc-117" } }).observation;

/** The first turn of an agent whose model gives these replies. */
async function turn(
  replies: readonly (ChatReply | Error)[],
  assisted = false,
  profile = TOOLS,
): Promise<Turn & { asked: number }> {
  const model = new ScriptedModel(replies);
  const agent = new LlmAgent(profile, assisted);
  agent.begin({ rng: () => 0, model });
  return { ...(await agent.act(page(), signal)), asked: model.requests.length };
}

const LOOK = calls(["inspect_logs", { service: "cache" }]);

describe("a turn", () => {
  test("is one request and one action", async () => {
    expect(await turn([LOOK])).toMatchObject({
      action: { type: "inspect_logs", service: "cache" },
      extraToolCalls: 0,
      tokens: 100,
      asked: 1,
    });
  });

  test.for([
    [says("Let me think."), "unparseable"],
    [calls(["reboot", {}]), "unknown_tool"],
    [calls(["inspect_logs", "{"]), "bad_json"],
    [calls(["inspect_logs", {}]), "schema"],
    [silent({ finishReason: "length" }), "truncated"],
    [silent(), "no_action"],
    [silent({ refusal: "No." }), "refusal"],
    [silent({ filtered: true }), "filtered"],
  ] as const)("that says nothing usable costs one request and says why (%#: %s)", async ([reply, invalidReason]) => {
    const taken = await turn([reply]);
    expect(taken).toMatchObject({ invalidReason, asked: 1 });
    expect(parseAction(taken.action).ok).toBe(false);
    expect(taken.assist).toBeUndefined();
  });

  test("says that reasoning stood in for a reply", async () => {
    expect((await turn([{ ...LOOK, reasoningPromoted: true }])).info).toEqual({ reasoning_promoted: true });
    expect((await turn([LOOK])).info).toBeUndefined();
  });

  test("counts tokens that were reported, and none that were not", async () => {
    expect((await turn([{ ...LOOK, totalTokens: null }])).tokens).toBe(0);
  });

  test("keeps what the model said, whatever is in it", async () => {
    const { raw } = await turn([says("\ud800\u0000\u001b[2J")]);
    expect(raw?.isWellFormed()).toBe(true);
  });
});

describe("what is not the model's doing", () => {
  test("a full context ends the play", async () => {
    expect(await turn([new ContextExceeded("8192 tokens")])).toMatchObject({ action: null, stop: "context_exceeded" });
  });

  test("a provider's failure and a bug of ours leave the agent as they came", async () => {
    const failure = new ProviderError("down", { class: "server", retryable: true, counted: true, fatal: false });
    await expect(turn([failure])).rejects.toBe(failure);
    await expect(turn([new TypeError("bug")])).rejects.toThrow(TypeError);
  });

  test("an agent without a model says what is missing", () => {
    expect(() => new LlmAgent(TOOLS, false).begin({ rng: () => 0 })).toThrow("tools needs a model");
  });
});

describe.each(profiles)("assisted, $name", (profile) => {
  test("needs no help where a reply is fine", async () => {
    const taken = await turn([LOOK], true, profile);
    expect(taken.asked).toBe(1);
    expect(taken.assist).toBeUndefined();
  });

  test("is asked again, told what was wrong, and the step says so", async () => {
    const model = new ScriptedModel([says("Hm."), calls(["inspect_logs", {}]), LOOK]);
    const agent = new LlmAgent(profile, true);
    agent.begin({ rng: () => 0, model });
    const taken = await agent.act(page(), signal);
    expect(taken).toMatchObject({ action: { type: "inspect_logs", service: "cache" }, assist: "repair", tokens: 300 });
    expect(model.requests).toHaveLength(3);
    expect(model.requests[1]?.messages.at(-1)?.content).toBe(COMPLAINTS.unparseable);
    expect(model.requests[2]?.messages.at(-1)?.content).toBe(COMPLAINTS.schema);
  });

  test("is replaced by the runbook after two repairs, and the step says so", async () => {
    const taken = await turn([says("a"), says("b"), says("c"), LOOK], true, profile);
    const runbook = new RunbookAgent();
    runbook.begin({ rng: () => 0 });
    expect(taken).toMatchObject({ action: (await runbook.act(page())).action, assist: "fallback", asked: 3 });
  });
});
