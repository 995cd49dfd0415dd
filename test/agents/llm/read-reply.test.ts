import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { InvalidReason } from "../../../agents/agent.ts";
import type { ChatReply } from "../../../agents/llm/chat-model.ts";
import { readReply } from "../../../agents/llm/read-reply.ts";
import { parseAction } from "../../../env/contract/index.ts";
import { actionText } from "../../../env/contract/index.ts";
import { sampleAction } from "../../../env/contract/sample.ts";
import { rngFor } from "../../../env/core/rng.ts";
import { calls, says, silent } from "./scripted-model.ts";

const LOOK = { type: "inspect_logs", service: "cache" };
const SET = { type: "update_config", service: "cache", key: "ttl_s", value: 300 };

/** What the environment makes of the action that was read. */
function meant(reply: ChatReply): unknown {
  const { action } = readReply(reply);
  const parsed = parseAction(action);
  return parsed.ok ? parsed.action : null;
}

describe("a text that states one action", () => {
  test.for([
    ["bare text form", "inspect_logs(cache)", LOOK],
    ["bare JSON", '{"type":"inspect_logs","service":"cache"}', LOOK],
    ["JSON over several lines", '{\n  "type": "inspect_logs",\n  "service": "cache"\n}', LOOK],
    ["after a thought", "Thought: the cache looks odd.\nAction: inspect_logs(cache)", LOOK],
    ["after a marker in bold", "**Thought:** hm\n\n**Action:** `inspect_logs(cache)`", LOOK],
    ["after a marker with JSON", 'Action: {"type":"inspect_logs","service":"cache"}', LOOK],
    ["after a marker and a fence", 'Action:\n```json\n{"type":"inspect_logs","service":"cache"}\n```', LOOK],
    ["in a fence", "I will look.\n```\ninspect_logs(cache)\n```", LOOK],
    ["with words behind it, after a marker", "Action: inspect_logs(cache) - to see errors", LOOK],
    ["behind inline reasoning", "<think>restart_service(cache)?\nno.</think>\ninspect_logs(cache)", LOOK],
    [
      "behind reasoning whose beginning was in the prompt",
      "maybe\nrestart_service(cache)\n</think>inspect_logs(cache)",
      LOOK,
    ],
    ["with named arguments", 'update_config(service="cache", key="ttl_s", value=300)', SET],
    ["with a namespace", "functions.inspect_logs(cache)", LOOK],
    ["as a call written out", '{"name": "inspect_logs", "arguments": {"service": "cache"}}', LOOK],
    ["as a call written out, with parameters", '{"name": "inspect_logs", "parameters": {"service": "cache"}}', LOOK],
    [
      "as a call in tags",
      '<tool_call>\n{"name": "inspect_logs", "arguments": {"service": "cache"}}\n</tool_call>',
      LOOK,
    ],
    [
      "with brackets in free text",
      "escalate(network (edge) is down)",
      { type: "escalate", reason: "network (edge) is down" },
    ],
    ["with a lone quote mark", 'escalate(the 5" disk failed)', { type: "escalate", reason: 'the 5" disk failed' }],
    [
      "with a summary over two lines",
      'resolve_incident(cache, ttl, "entries\\nexpire")',
      { type: "resolve_incident", service: "cache", fault: "ttl", summary: "entries\nexpire" },
    ],
  ] as const)("%s", ([, text, action]) => {
    expect(meant(says(text))).toEqual(action);
    expect(readReply(says(text))).toMatchObject({ reason: null, extraCalls: 0 });
  });

  test("is read whatever the action is", () => {
    for (let seed = 0; seed < 300; seed += 1) {
      const action = sampleAction(rngFor(seed, "test-text", 0));
      for (const text of [actionText(action), JSON.stringify(action), `Thought: so\nAction: ${actionText(action)}`]) {
        expect(meant(says(text))).toEqual(action);
      }
    }
  });
});

describe("a text that states none is not made into one", () => {
  test.for([
    ["prose", "I would restart the cache now.", "unparseable"],
    ["an action that is talked about", "We should not restart_service(cache) yet.", "unparseable"],
    [
      "a plan in bullets",
      "Plan:\n- inspect_logs(cache)\n* restart_service(cache)\n1. inspect_metrics(cache)",
      "unparseable",
    ],
    ["a marker with nothing behind it", "Thought: done\nAction:", "unparseable"],
    ["a marker with prose behind it", "Action: restart the cache", "unparseable"],
    ["an action before the marker", "restart_service(cache)\nAction: none of these", "unparseable"],
    ["a form that is not closed", "Action: update_config(cache, ttl_s", "unparseable"],
    ["JSON that is not closed", '{"type":"inspect_logs","service":', "bad_json"],
    ["JSON with a comma too much", '{"type":"inspect_logs","service":"cache",}', "bad_json"],
    ["arguments that are a list", '{"name": "inspect_logs", "arguments": ["cache"]}', "bad_json"],
    ["thoughts alone", "<think>inspect_logs(cache)", "unparseable"],
    ["a refusal in prose", "I'm sorry, I can't help with that.", "unparseable"],
  ] as const)("%s", ([, text, reason]) => {
    expect(readReply(says(text))).toEqual({ action: null, reason, extraCalls: 0 });
  });

  test.for([
    ["a missing argument", "Action: update_config(cache, ttl_s)", "schema"],
    ["no argument", "Action: inspect_logs()", "schema"],
    ["an unknown service", "Action: inspect_logs(cashe)", "schema"],
    ["JSON without a type", '{"service":"cache"}', "schema"],
    ["a field too much", '{"type":"inspect_logs","service":"cache","force":true}', "schema"],
    ["an unknown action", "Action: reboot(cache)", "unknown_tool"],
    ["an unknown type", '{"type":"reboot","service":"cache"}', "unknown_tool"],
  ] as const)("%s reaches the environment, which says what is wrong", ([, text, reason]) => {
    const found = readReply(says(text));
    expect(found.reason).toBe(reason);
    expect(found.action).not.toBeNull();
    expect(parseAction(found.action).ok).toBe(false);
  });
});

describe("of several actions the first counts, the others are counted", () => {
  test.for([
    ["on lines", "inspect_logs(cache)\nrestart_service(cache)\ninspect_metrics(cache)", LOOK, 2],
    ["after markers", "Action: inspect_logs(cache)\nObservation: fine\nAction: restart_service(cache)", LOOK, 1],
    ["before a marker: a plan", "restart_service(web_server)\nAction: inspect_logs(cache)", LOOK, 0],
  ] as const)("%s", ([, text, action, extraCalls]) => {
    expect(meant(says(text))).toEqual(action);
    expect(readReply(says(text)).extraCalls).toBe(extraCalls);
  });

  test("as calls", () => {
    const reply = calls(["inspect_logs", { service: "cache" }], ["restart_service", { service: "cache" }]);
    expect(meant(reply)).toEqual(LOOK);
    expect(readReply(reply).extraCalls).toBe(1);
  });

  test("as fifty calls", () => {
    const many = Array.from({ length: 50 }, (_, i) => ["check_status", { service: "cache" }, `c${i}`] as const);
    expect(readReply(calls(["inspect_logs", { service: "cache" }], ...many))).toMatchObject({
      reason: null,
      extraCalls: 50,
    });
  });

  test("a call before text", () => {
    const reply = { ...calls(["inspect_logs", { service: "cache" }]), content: "Action: restart_service(cache)" };
    expect(meant(reply)).toEqual(LOOK);
  });
});

describe("a call", () => {
  test.for([
    ["plain", "inspect_logs", '{"service":"cache"}', LOOK],
    ["with a namespace", "functions.inspect_logs", '{"service":"cache"}', LOOK],
    ["with a namespace in underscores", "mcp__oncall__inspect_logs", '{"service":"cache"}', LOOK],
    ["with JSON as text of JSON", "inspect_logs", '"{\\"service\\":\\"cache\\"}"', LOOK],
    [
      "with an absent argument as null",
      "inspect_config",
      '{"service":"cache","key":null}',
      { type: "inspect_config", service: "cache" },
    ],
    ["with its own name as type", "inspect_logs", '{"type":"inspect_logs","service":"cache"}', LOOK],
  ] as const)("%s is read", ([, name, args, action]) => {
    expect(meant(calls([name, args]))).toEqual(action);
    expect(readReply(calls([name, args])).reason).toBeNull();
  });

  test.for([
    ["no arguments", "inspect_logs", "", "schema"],
    ["null as arguments", "inspect_logs", "null", "schema"],
    ["a missing argument", "update_config", '{"service":"cache","key":"ttl_s"}', "schema"],
    ["an argument too much", "inspect_logs", '{"service":"cache","lines":50}', "schema"],
    ["a prototype", "inspect_logs", '{"service":"cache","__proto__":{"admin":true}}', "schema"],
    ["another action as type", "inspect_logs", '{"type":"restart_service","service":"cache"}', "schema"],
    ["cut arguments", "inspect_logs", '{"service":"ca', "bad_json"],
    ["a list", "inspect_logs", '["cache"]', "bad_json"],
    ["a number", "inspect_logs", "7", "bad_json"],
    ["prose", "inspect_logs", "the cache", "bad_json"],
    ["a megabyte", "inspect_logs", `{"service":"${"x".repeat(1_000_000)}"}`, "bad_json"],
    ["an unknown tool", "reboot", '{"service":"cache"}', "unknown_tool"],
    ["no name", "", '{"service":"cache"}', "unknown_tool"],
    ["an inherited name", "constructor", "{}", "unknown_tool"],
  ] as const)("with %s is invalid", ([, name, args, reason]) => {
    const found = readReply(calls([name, args]));
    expect(found.reason).toBe(reason);
    expect(parseAction(found.action).ok).toBe(false);
  });
});

describe("a reply without an action says why", () => {
  test.for([
    ["nothing said, tokens billed", silent(), "no_action"],
    ["white space", says(" \n\t"), "no_action"],
    ["a refusal", silent({ refusal: "I cannot do that." }), "refusal"],
    ["a filter", says("inspect_logs(cache)", { filtered: true }), "filtered"],
    [
      "cut in the middle of an action",
      says("Action: update_config(cache, ttl", { finishReason: "length" }),
      "truncated",
    ],
    ["cut before anything", silent({ finishReason: "length" }), "truncated"],
    ["cut in arguments", { ...calls(["inspect_logs", '{"serv']), finishReason: "length" }, "truncated"],
  ] as const satisfies readonly (readonly [string, ChatReply, InvalidReason])[])("%s", ([, reply, reason]) => {
    expect(readReply(reply)).toMatchObject({ action: null, reason });
  });

  test("a reply that was cut after its action is none of these", () => {
    const reply = says("Action: inspect_logs(cache)\nThen I will", { finishReason: "length" });
    expect(readReply(reply).reason).toBeNull();
  });

  test("an unknown finish reason does not matter", () => {
    expect(readReply(says("inspect_logs(cache)", { finishReason: "eos_token" })).reason).toBeNull();
  });
});

test("any text and any arguments are read without an exception", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), fc.string({ maxLength: 60 }), (text, name) => {
      for (const reply of [says(text), says(`Action: ${text}`), says(`{${text}`), calls([name, text])]) {
        const { action, reason } = readReply(reply);
        expect(reason === null).toBe(action !== null && parseAction(action).ok);
      }
    }),
    { numRuns: 500 },
  );
});

/** Far above what reading costs, far below what it would cost if it went over the text once for each piece. */
const READING_MS = 5000;

test.for([
  "\n",
  " ",
  "{",
  "(",
  '"',
  "`",
  "*",
  "-",
  "a.",
  "inspect_logs(\n",
  "{\n",
  "Action:",
  "Action:\n",
  "<think>",
  "</think>",
  "\\",
])("a megabyte of %j is read in time", { timeout: READING_MS }, (piece) => {
  const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
  expect(readReply(says(text)).action).toBeNull();
  expect(meant(says(`${text}\n\ninspect_logs(cache)`)) ?? LOOK).toEqual(LOOK);
});
