import { describe, expect, test } from "vitest";
import { z } from "zod";
import { environmentSchema } from "../../../env/contract/schema.ts";
import { toolStep } from "../../../env/mcp/step-actions.ts";
import type { ToolBody } from "../../../env/mcp/step-actions.ts";
import { tools } from "../../../env/mcp/tools.ts";
import { Session } from "../../../env/session/session.ts";
import { coreSuite } from "../../../tasks/index.ts";

const fresh = () => new Session(coreSuite);

function started() {
  const session = fresh();
  session.reset({ seed: 7 });
  return session;
}

const play = (session: Session, action: unknown) => toolStep(session, action, {}, fresh) as ToolBody;
const call = (tool_name: string, given?: unknown) => ({ type: "call_tool", tool_name, arguments: given });

describe("list_tools", () => {
  test("lists before a reset and after the end, and is no step", () => {
    const session = fresh();
    const { observation, reward, done } = play(session, { type: "list_tools" });
    expect((observation.tools as { name: string }[]).map(({ name }) => name)).toEqual(tools.map(({ name }) => name));
    for (const tool of observation.tools as object[]) {
      expect(Object.keys(tool)).toEqual(["name", "description", "input_schema"]);
    }
    expect([reward, done]).toEqual([null, false]);
    session.reset({ seed: 1 });
    session.step("escalate(me)");
    expect(play(session, { type: "list_tools" })).toMatchObject({
      reward: null,
      done: true,
      metadata: { terminated: true, info: {} },
    });
    expect(session.stepCount).toBe(1);
  });
});

test("what clients of tools are sent fits the published schema", () => {
  const published = z.fromJSONSchema(environmentSchema().observation);
  const session = started();
  const service = { service: "cache" };
  const actions = [
    { type: "list_tools" },
    call("inspect_logs", service),
    call("no_such_tool"),
    call("inspect_logs", []),
    call("inspect_logs", { service: "moon" }),
  ];
  for (const action of actions) {
    const { observation, reward, done } = play(session, action);
    expect(published.safeParse({ ...observation, reward, done }).error).toBeUndefined();
    expect(published.safeParse({ ...observation, reward, done, more: 1 }).success).toBe(false);
  }
});

describe("call_tool", () => {
  test.for([
    call("inspect_logs", { service: "database" }),
    { tool_name: "inspect_logs", arguments: { service: "database" } },
  ])("%j is the step of that action, with reward and metadata beside its result", (action) => {
    const session = started();
    const body = play(session, action);
    const { observation, reward, info } = started().step({ type: "inspect_logs", service: "database" });
    const { text, ...data } = observation;
    expect(body).toMatchObject({
      observation: {
        tool_name: "inspect_logs",
        result: { data: text, structured_content: data, is_error: false },
        error: null,
        metadata: { terminated: false, truncated: false, info: {} },
      },
      reward,
      done: false,
      metadata: { terminated: false, truncated: false, info },
    });
    expect(session.stepCount).toBe(1);
  });

  test("with arguments that do not fit is an invalid action, and the reason is its result", () => {
    const session = started();
    const { observation, reward } = play(session, call("inspect_logs", { service: "x" }));
    expect(observation).toMatchObject({ error: null, result: { is_error: true } });
    expect(Number.isFinite(reward)).toBe(true);
    expect(session.state().metrics).toMatchObject({ invalid_actions: 1 });
  });

  test.for([
    [call("no_such_tool", {}), "tool_not_found", /Unknown tool "no_such_tool"/],
    [call("inspect_log"), "tool_not_found", /Did you mean "inspect_logs"/],
    [call("check_status(cache)"), "tool_not_found", /Unknown tool/],
    [call("list_tools"), "tool_not_found", /Unknown tool/],
    [call("inspect_logs", 5), "invalid_args", /expected an object/],
    [call("inspect_logs", ["cache"]), "invalid_args", /expected an object/],
  ] as const)("%j calls nothing, and still is a step", ([action, error_type, reason]) => {
    const session = started();
    const { observation, reward, done } = play(session, action);
    expect(observation).toMatchObject({ tool_name: action.tool_name, result: null, error: { error_type } });
    expect((observation.error as { message: string }).message).toMatch(reason);
    expect(Object.keys(observation.error as object)).toEqual(["error_type", "message"]);
    expect([Number.isFinite(reward), done]).toEqual([true, false]);
    expect(session.state()).toMatchObject({ step_count: 1, metrics: { invalid_actions: 1 } });
  });

  test("of the briefing is no step", () => {
    const session = started();
    const text = started().step("nonsense").observation.text;
    const { observation, reward } = play(session, call("get_briefing"));
    expect(observation).toMatchObject({ tool_name: "get_briefing", result: { is_error: false } });
    expect(text).not.toBe((observation.result as { data: string }).data);
    expect([reward, session.stepCount]).toEqual([null, 0]);
  });

  test("that ends the episode carries the verdict in the metadata, and not in the result", () => {
    const { observation, done, metadata } = play(started(), call("escalate", { reason: "x" }));
    expect(done).toBe(true);
    expect(metadata).toMatchObject({ terminated: true, info: { episode: { ended: "escalated" } } });
    expect(observation.metadata).toEqual(metadata);
    expect(JSON.stringify(observation.result)).not.toMatch(/score|reward|ended/);
  });

  test("before a reset and after the end is refused as any step", () => {
    expect(() => play(fresh(), call("check_status", { service: "cache" }))).toThrow("reset() must be called");
    const session = started();
    session.step("escalate(me)");
    expect(() => play(session, call("check_status", { service: "cache" }))).toThrow("The episode is over");
  });
});

test.for([
  "check_status(cache)",
  { type: "check_status", service: "cache" },
  { type: "check_status", tool_name: "inspect_logs" },
  { type: "call_tool" },
  { type: "call_tool", tool_name: 5 },
  { tool_name: null },
  null,
  ["list_tools"],
])("%j is no tool action", (action) => {
  expect(toolStep(started(), action, {}, fresh)).toBeNull();
});
