import { describe, expect, test } from "vitest";
import type { ChatMessage, ChatReply } from "../../../agents/llm/chat-model.ts";
import { LlmAgent } from "../../../agents/llm/agent.ts";
import { profiles } from "../../../agents/llm/profiles.ts";
import type { Profile } from "../../../agents/llm/profiles.ts";
import { chatTools } from "../../../agents/llm/tools.ts";
import { ACTION_TYPES, parseAction } from "../../../env/contract/index.ts";
import { observationText } from "../../../env/contract/text.ts";
import { IncidentEnv } from "../../../env/core/env.ts";
import type { Observation } from "../../../env/core/observation.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { calls, says, ScriptedModel, silent } from "./scripted-model.ts";

const profile = (name: string): Profile => profiles.find((one) => one.name === name) as Profile;

/** Plays replies one after another; what the model was asked, and what was observed. */
async function converse(name: string, replies: readonly ChatReply[]) {
  const model = new ScriptedModel(replies);
  const agent = new LlmAgent(profile(name), false);
  agent.begin({ rng: () => 0, model });
  const env = new IncidentEnv(coreSuite);
  let { observation } = env.reset({ seed: 3, options: { task_id: "inc-117" } });
  const seen: Observation[] = [observation];
  const { signal } = new AbortController();
  for (let step = 0; step < replies.length; step += 1) {
    const { action } = await agent.act(observation, signal);
    observation = env.step(action).observation;
    seen.push(observation);
  }
  return { requests: model.requests, seen, texts: seen.map(observationText) };
}

const last = (messages: readonly ChatMessage[]): ChatMessage => messages.at(-1) as ChatMessage;

test("tools are the catalogue: a name, a sentence, and JSON Schema of the arguments", () => {
  expect(chatTools.map(({ name }) => name)).toEqual(ACTION_TYPES);
  expect(chatTools.find(({ name }) => name === "inspect_config")).toEqual({
    name: "inspect_config",
    description: "List the configuration of a service with units and ranges; with a key, the history of that key.",
    parameters: {
      type: "object",
      properties: {
        service: {
          type: "string",
          enum: ["load_balancer", "web_server", "cache", "database", "message_queue"],
          description: "One of the five services.",
        },
        key: { type: "string", maxLength: 64, description: "A configuration key of that service, e.g. ttl_s." },
      },
      required: ["service"],
      additionalProperties: false,
    },
  });
});

describe("instructions", () => {
  test.for(profiles)(
    "of $name hold every action and fault, nothing left to fill in, and no incident",
    async ({ name }) => {
      const { requests } = await converse(name, [says("inspect_logs(cache)")]);
      const [system] = requests[0]?.messages ?? [];
      expect(system?.role).toBe("system");
      const text = String(system?.content);
      for (const action of ACTION_TYPES) expect(text).toContain(`${action}(`);
      expect(text).not.toMatch(/\{\{|inc-1\d\d|seed|difficulty|reward|score/i);
    },
  );

  test("have a hash that tells the profiles apart", () => {
    const hashes = profiles.map(({ promptSha256 }) => promptSha256);
    expect(new Set(hashes).size).toBe(profiles.length);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test.for(["react", "prompting"])("of %s show actions that the parser takes", async (name) => {
    const { requests } = await converse(name, [says("inspect_logs(cache)")]);
    const text = String(requests[0]?.messages[0]?.content);
    const examples = text.match(/(?<=Action: ).+|\{"type".*\}/g) ?? [];
    expect(examples.length).toBeGreaterThan(1);
    for (const example of examples) {
      expect(parseAction(example.startsWith("{") ? JSON.parse(example) : example)).toMatchObject({ ok: true });
    }
  });
});

describe("tools: the whole conversation, every call answered", () => {
  test("begins with the page, and answers a call with what it showed", async () => {
    const reply = calls(["inspect_logs", { service: "cache" }, "call_a"]);
    const { requests, texts } = await converse("tools", [reply, calls(["check_status", { service: "cache" }])]);
    expect(requests[0]?.messages.slice(1)).toEqual([{ role: "user", content: texts[0] }]);
    expect(requests[0]?.tools).toEqual(chatTools);
    expect(requests[1]?.messages.slice(2)).toEqual([
      { role: "assistant", content: null, toolCalls: reply.toolCalls },
      { role: "tool", toolCallId: "call_a", content: texts[1] },
    ]);
  });

  test("answers each of fifty calls, the first with its result, and repeats every id once", async () => {
    const many = Array.from({ length: 50 }, (_, i) => ["check_status", { service: "cache" }, `c${i}`] as const);
    const { requests, texts } = await converse("tools", [calls(...many), says("x")]);
    const answers = requests[1]?.messages.filter(({ role }) => role === "tool") ?? [];
    expect(answers).toHaveLength(50);
    expect(answers[0]).toEqual({ role: "tool", toolCallId: "c0", content: texts[1] });
    expect(answers[1]?.content).toMatch(/^Not carried out/);
  });

  test.for([
    [
      "duplicate ids",
      calls(["check_status", { service: "cache" }, "same"], ["check_status", { service: "cache" }, "same"]),
    ],
    ["no ids", calls(["check_status", { service: "cache" }, ""], ["check_status", { service: "cache" }, ""])],
    ["a name that no function can have", calls(["check status(!)", { service: "cache" }])],
    ["no name", calls(["", "{}"])],
    ["arguments that are no JSON", calls(["check_status", '{"service":'])],
    ["no arguments", calls(["check_status", ""])],
    ["a megabyte of arguments", calls(["check_status", `{"service":"${"x".repeat(1_000_000)}"}`])],
    ["half a surrogate pair", calls(["escalate", '{"reason":"\ud800"}'])],
    ["three hundred calls", calls(...Array.from({ length: 300 }, () => ["check_status", "{}", ""] as const))],
    ["nothing at all", silent()],
    ["text only", says("Let me think about it.")],
    ["a million characters", says("word ".repeat(200_000))],
  ] as const)("%s become a conversation that any server takes", async ([, reply]) => {
    const { requests } = await converse("tools", [reply, reply, reply]);
    expect(requests.flatMap(({ messages }) => refusals(messages))).toEqual([]);
  });
});

/** What a strict chat server would refuse in a conversation. */
function refusals(messages: readonly ChatMessage[]): string[] {
  const found: string[] = [];
  const ids = new Set<string>();
  let open = new Set<string>();
  let before = "";
  for (const message of messages) {
    const { role, content } = message;
    if ((content ?? "").length > 32_768) found.push("too long");
    if (role === "tool") {
      if (!open.delete(message.toolCallId)) found.push("an answer to no call");
    } else {
      if (open.size > 0) found.push("a call without an answer");
      if (before === role) found.push(`twice ${role} in a row`);
    }
    if (role === "assistant") {
      const { toolCalls = [] } = message;
      if ((content ?? "") === "" && toolCalls.length === 0) found.push("an empty message");
      if (toolCalls.some(({ id }) => ids.has(id)) || new Set(toolCalls.map(({ id }) => id)).size < toolCalls.length) {
        found.push("an id twice");
      }
      found.push(...toolCalls.filter(({ name }) => !/^[\w-]{1,64}$/.test(name)).map(({ name }) => `the name ${name}`));
      found.push(...toolCalls.filter(({ arguments: args }) => !isObject(args)).map(() => "arguments that are none"));
      for (const { id } of toolCalls) ids.add(id);
      open = new Set(toolCalls.map(({ id }) => id));
    }
    before = role;
  }
  return open.size > 0 ? [...found, "a call without an answer"] : found;
}

function isObject(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) && json.isWellFormed();
  } catch {
    return false;
  }
}

test("react tells the whole conversation as text, and offers no functions", async () => {
  const replies = [says("Thought: hm\nAction: inspect_logs(cache)"), says("Action: nonsense"), says("x")];
  const { requests, texts } = await converse("react", replies);
  expect(requests[2]?.tools).toBeUndefined();
  expect(requests[2]?.messages.slice(1)).toEqual([
    { role: "user", content: texts[0] },
    { role: "assistant", content: replies[0]?.content },
    { role: "user", content: texts[1] },
    { role: "assistant", content: replies[1]?.content },
    { role: "user", content: texts[2] },
  ]);
});

test("prompting tells the page, earlier actions in a line each and the last three results, and nothing it said", async () => {
  const services = ["cache", "database", "web_server", "load_balancer", "message_queue", "cache"];
  const { requests, texts } = await converse(
    "prompting",
    services.map((service) => says(`My secret thought. \nAction: inspect_metrics(${service})`)),
  );
  const final = requests.at(-1)?.messages ?? [];
  expect(final.map(({ role }) => role)).toEqual(["system", "user"]);
  const told = String(last(final).content);
  expect(told).toContain(texts[0]);
  for (const text of texts.slice(3, 6)) expect(told).toContain(text);
  for (const text of texts.slice(1, 3)) {
    expect(told).toContain(text.split("\n", 1)[0]);
    expect(told).not.toContain(text);
  }
  expect(told).not.toContain("secret");
});

test("a model is told observations as text, and nothing of task, seed, difficulty or reward", async () => {
  for (const { name } of profiles) {
    const { requests } = await converse(name, [says("inspect_logs(cache)"), says("check_status(cache)"), says("x")]);
    const told = JSON.stringify(requests.map(({ messages }) => messages.slice(1)));
    expect(told).not.toMatch(/inc-117|reward|difficulty|"seed"|train/);
  }
});
