import { describe, expect, test } from "vitest";
import { actionOf, callTool } from "../../../env/mcp/tool-call.ts";
import { openEnvResult } from "../../../env/mcp/tool-result.ts";
import { Session } from "../../../env/session/session.ts";
import { coreSuite } from "../../../tasks/index.ts";

const fresh = () => new Session(coreSuite);

function started(options: object = { seed: 7 }) {
  const session = fresh();
  const { observation } = session.reset(options);
  const call = (name: string, given: Readonly<Record<string, unknown>> = {}) =>
    callTool(session, { name, arguments: given, keys: {} }, fresh);
  return { session, observation, call };
}

describe("a tool call", () => {
  test("is one step, and gives the observation without what belongs to the control plane", () => {
    const { session, call } = started();
    const twin = started().session;
    const result = call("inspect_logs", { service: "database" });
    const { text, ...data } = twin.step({ type: "inspect_logs", service: "database" }).observation;
    expect(result).toEqual({ content: [{ type: "text", text }], structuredContent: data, isError: false });
    expect(session.stepCount).toBe(1);
  });

  test("has text also where the control plane declined it", () => {
    const { call } = started({ seed: 7, text: false });
    expect(call("check_status", { service: "cache" })).toEqual(started().call("check_status", { service: "cache" }));
  });

  test.for([
    ["inspect_logs", { service: "databse" }, /Did you mean "database"/],
    ["inspect_logs", {}, /"service" is missing/],
    ["check_status", { service: "cache", force: true }, /unexpected field "force"/],
    ["update_config", { service: "cache", key: "ttl_s", value: [] }, /value/],
    ["update_config", { service: "cache", key: "ttl_s", value: 1e300 }, /ttl_s/],
    ["inspect_logs", { service: "cache", type: "escalate" }, /unexpected field "arguments.type"/],
  ] as const)("%s %j is an invalid action: a step, a reason, and no change", ([name, given, reason]) => {
    const { session, observation, call } = started();
    const result = call(name, given);
    expect(result).toMatchObject({ isError: true, structuredContent: { result: { status: "invalid" } } });
    expect(result.content[0].text).toMatch(reason);
    expect(result.structuredContent?.steps_left).toBe(observation.steps_left - 1);
    expect(session.state()).toMatchObject({ step_count: 1, metrics: { invalid_actions: 1, changes: 0 } });
  });

  test("cannot be made another action by an argument named type", () => {
    expect(actionOf({ name: "inspect_logs", arguments: { type: "escalate", reason: "x" } })).toMatchObject({
      type: "inspect_logs",
    });
  });

  test("after the end says that the incident is closed, and nothing more", () => {
    const { session, call } = started();
    expect(call("escalate", { reason: "no idea" })).toMatchObject({ isError: false });
    const state = session.state();
    expect(call("inspect_logs", { service: "cache" })).toEqual({
      content: [{ type: "text", text: "The incident is closed." }],
      isError: true,
    });
    expect(session.state()).toEqual(state);
  });

  test("before a reset is refused", () => {
    for (const name of ["inspect_logs", "get_briefing"]) {
      expect(() => callTool(fresh(), { name, arguments: {}, keys: {} }, fresh)).toThrow("reset() must be called");
    }
  });
});

describe("get_briefing", () => {
  test.for([{ seed: 7 }, { seed: 7, task_id: "inc-117" }, { seed: 11, split: "test" }, { seed: 3, text: false }])(
    "repeats the text of the first observation of %j at any time, and takes no step",
    (options) => {
      const { session, call } = started(options);
      const text = started({ ...options, text: true }).observation.text;
      const expected = { content: [{ type: "text", text }], isError: false };
      expect(call("get_briefing")).toEqual(expected);
      call("restart_service", { service: "cache" });
      expect(call("get_briefing")).toEqual(expected);
      call("escalate", { reason: "x" });
      expect(call("get_briefing")).toEqual(expected);
      expect(session.stepCount).toBe(2);
    },
  );
});

describe("a result for OpenEnv's clients", () => {
  test("has its keys in both cases, and the text as data", () => {
    const result = started().call("inspect_logs", { service: "database" });
    const { content, structuredContent, isError } = result;
    expect(openEnvResult(result)).toEqual({
      content,
      structuredContent,
      structured_content: structuredContent,
      data: content[0].text,
      meta: null,
      isError,
      is_error: isError,
    });
    expect(openEnvResult(started().call("get_briefing"))).toMatchObject({ structuredContent: null });
  });
});
