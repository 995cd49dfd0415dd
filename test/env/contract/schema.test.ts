import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { stepBody } from "../../../env/contract/http.ts";
import { ObservationSchema } from "../../../env/contract/observation-schema.ts";
import { sampleAction } from "../../../env/contract/sample.ts";
import { environmentSchema } from "../../../env/contract/schema.ts";
import { StateSchema } from "../../../env/contract/state-schema.ts";
import type { AgentObservation } from "../../../env/contract/turns.ts";
import { rngFor } from "../../../env/core/rng.ts";
import { Session } from "../../../env/session/session.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { crawl } from "./crawl.ts";

const schema = environmentSchema();
const reader = (json: unknown) => z.fromJSONSchema(json as Parameters<typeof z.fromJSONSchema>[0]);

describe("/schema", () => {
  test("every observation of a random crawl fits its schema and is small", () => {
    const sent = reader(schema.observation);
    const kinds = new Set<string | undefined>();
    for (const observation of crawl(60)) {
      kinds.add(observation.result.data?.kind);
      expect(ObservationSchema.parse(observation)).toEqual(observation);
      expect(JSON.stringify(observation).length).toBeLessThanOrEqual(16 * 1024);
      const body = stepBody({ observation, reward: 0.5, terminated: false, truncated: false, info: { metrics: {} } });
      sent.parse({ ...body.observation, reward: body.reward, done: body.done });
    }
    expect(kinds).toEqual(new Set(["change", "config", "config_history", "logs", "metrics", "status", undefined]));
  });

  test("a client of tools is told of another action, and nothing else changes", () => {
    const { action, ...rest } = environmentSchema("mcp");
    expect(rest).toEqual({ observation: schema.observation, state: schema.state });
    const call = reader(action);
    const sent = { type: "call_tool", tool_name: "inspect_logs", arguments: { service: "cache" }, metadata: {} };
    expect(() => call.parse(sent)).not.toThrow();
    expect(call.safeParse({ type: "inspect_logs", service: "cache" }).success).toBe(false);
    expect(JSON.stringify(schema.action)).not.toMatch(/tool_name|arguments|list_tools|call_tool/);
  });

  test("an agent that writes at length still gets a small observation", () => {
    const session = new Session(coreSuite);
    session.reset({ seed: 1 });
    const summary = '"ß'.repeat(4096);
    const { observation } = session.step({ type: "resolve_incident", service: "cache", fault: "crash", summary });
    expect(observation.result.status).toBe("closed");
    expect(Buffer.byteLength(JSON.stringify(observation))).toBeLessThanOrEqual(16 * 1024);
  });

  test("the schema and the core's type say the same", () => {
    expectTypeOf<AgentObservation>().toExtend<Readonly<z.input<typeof ObservationSchema>> | AgentObservation>();
    expectTypeOf<z.output<typeof ObservationSchema>["result"]["status"]>().toEqualTypeOf<
      AgentObservation["result"]["status"]
    >();
    expectTypeOf<keyof z.output<typeof ObservationSchema>>().toEqualTypeOf<keyof AgentObservation>();
  });

  test("every action of the catalogue fits the action schema, a Pydantic client's metadata beside it", () => {
    const action = reader({ ...schema.action, oneOf: undefined });
    const branches = (schema.action.oneOf as unknown[]).map(reader);
    const rng = rngFor(1, "schema", 0);
    for (let i = 0; i < 300; i += 1) {
      const sample = { ...sampleAction(rng), metadata: {} };
      expect(() => action.parse(sample)).not.toThrow();
      expect(branches.filter((branch) => branch.safeParse(sample).success)).toHaveLength(1);
    }
    for (const wrong of [{}, { type: "inspect_logs", service: "moon" }, { type: "restart_service", key: "x" }]) {
      expect(branches.filter((branch) => branch.safeParse(wrong).success)).toHaveLength(0);
    }
  });

  test("the action schema is flat and cannot be taken for a tool server's", () => {
    expect(schema.action).toMatchObject({ type: "object", required: ["type"] });
    expect(Object.keys(schema.action.properties as object)).toEqual([
      "type",
      "service",
      "key",
      "value",
      "fault",
      "summary",
      "reason",
      "metadata",
    ]);
    expect(JSON.stringify(schema.action)).not.toMatch(/tool_name|arguments|list_tools|call_tool/);
    expect(JSON.stringify(schema)).not.toContain('"$ref":"http');
  });

  test("state fits its schema before, during and after an episode", () => {
    const session = new Session(coreSuite);
    const state = reader(schema.state);
    expect(session.state()).toEqual({ episode_id: null, step_count: 0 });
    const check = () => {
      expect(StateSchema.parse(session.state())).toEqual(session.state());
      state.parse(session.state());
    };
    check();
    session.reset({ seed: 3 });
    check();
    session.step("escalate(nobody)");
    check();
    expect(session.state()).toMatchObject({ terminated: true, step_count: 1, episode: { ended: "escalated" } });
  });
});
