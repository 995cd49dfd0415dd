import { describe, expect, test } from "vitest";
import { errorFrame, observationFrame, readFrame } from "../../../env/contract/frames.ts";
import { resetBody, stepBody } from "../../../env/contract/http.ts";
import type { ResetTurn, StepTurn } from "../../../env/contract/turns.ts";
import { Session } from "../../../env/session/session.ts";
import { coreSuite } from "../../../tasks/index.ts";

// oxlint-disable-next-line typescript/no-explicit-any
const parse = (text: string) => JSON.parse(text) as { type: string; data: any };

const resetFrame = (turn: ResetTurn) => observationFrame(resetBody(turn));
const stepFrame = (turn: StepTurn) => observationFrame(stepBody(turn));

describe("frames that are read", () => {
  test.for([
    { type: "reset" },
    { type: "reset", data: null },
    { type: "reset", data: { seed: 1 } },
    { type: "step", data: {} },
    { type: "step", data: null },
    { type: "step", data: "escalate(me)" },
    { type: "step", data: 5 },
    { type: "state" },
    { type: "close" },
  ])("%j is accepted", (frame) => {
    expect(readFrame(frame)).toEqual({ ok: true, frame });
  });

  test.for([
    [{ type: "step" }, "data"],
    [{ type: "reset", data: [] }, "data"],
    [{ type: "reset", data: 5 }, "data"],
    [{ type: "reset", data: "x" }, "data"],
  ] as const)("%j is refused, naming the place", ([frame, place]) => {
    expect(readFrame(frame)).toMatchObject({ ok: false, code: "VALIDATION_ERROR", issues: [{ loc: [place] }] });
  });

  test.for([
    { type: "reset", seed: 1 },
    { type: "step", data: {}, action: {} },
    { type: "state", data: {} },
    { type: "state", data: null },
    { type: "close", data: {} },
    JSON.parse('{"type":"state","__proto__":{}}') as object,
  ])("%j is refused for its extra key", (frame) => {
    expect(readFrame(frame)).toMatchObject({ ok: false, code: "VALIDATION_ERROR" });
  });

  test.for([{}, { type: 5 }, { type: "STEP" }, { type: "toString" }, { type: "__proto__" }])(
    "%j is of no known type",
    (frame) => {
      expect(readFrame(frame)).toEqual({ ok: false, code: "UNKNOWN_TYPE" });
    },
  );
});

describe("replies", () => {
  const session = new Session(coreSuite);

  test("after a reset the reward is null, and only the metadata beside the observation says what was reset", () => {
    const turn = session.reset({ seed: 3, wild: 1 });
    const { type, data } = parse(resetFrame(turn));
    expect(type).toBe("observation");
    expect(data).toEqual({
      observation: { ...turn.observation, metadata: { terminated: false, truncated: false, info: {} } },
      reward: null,
      done: false,
      metadata: { terminated: false, truncated: false, info: turn.info },
    });
    expect(turn.info).toMatchObject({ seed: 3, split: "train", ignored_options: ["wild"], reward_mode: "telescoped" });
  });

  test("after a step the nested info is empty until the end, then both are complete", () => {
    session.reset({ seed: 3 });
    const open = parse(stepFrame(session.step("check_status(cache)"))).data;
    expect(open).toMatchObject({ done: false, observation: { metadata: { info: {} } } });
    expect(open.metadata).toMatchObject({ info: { metrics: { steps: 1 } } });
    const over = parse(stepFrame(session.step("escalate(nobody)"))).data;
    expect(over.done).toBe(true);
    expect(over.metadata).toMatchObject({
      terminated: true,
      truncated: false,
      info: { episode: { ended: "escalated" } },
    });
    expect(over.observation.metadata).toEqual(over.metadata);
  });

  test("an observation has no key that OpenEnv's clients would take for a tool's", () => {
    const { observation } = parse(resetFrame(session.reset({ seed: 3 }))).data;
    for (const key of ["tools", "tool_name", "error", "reward", "done"]) expect(observation).not.toHaveProperty(key);
  });

  test("an error says its sentence unless given a better one", () => {
    expect(parse(errorFrame("INVALID_JSON")).data).toEqual({ message: expect.any(String), code: "INVALID_JSON" });
    expect(parse(errorFrame("EXECUTION_ERROR", { message: "No.", reason: "BAD_OPTION" }))).toEqual({
      type: "error",
      data: { message: "No.", code: "EXECUTION_ERROR", reason: "BAD_OPTION" },
    });
  });
});
