import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { rewardsHash, trajectoryHash, trajectoryLine } from "../../../env/store/trajectory.ts";

const step = {
  action: { type: "check_status", service: "cache" },
  observation: { steps_left: 13, text: "ok" },
  terminated: false,
  truncated: false,
};

test("a step is one line of canonical JSON", () => {
  expect(trajectoryLine(step)).toBe(
    '{"action":{"service":"cache","type":"check_status"},"observation":{"steps_left":13,"text":"ok"},"terminated":false,"truncated":false}',
  );
  expect(trajectoryLine({ ...step, observation: "two\nlines" })).not.toContain("\n");
});

test("the hash is that of the lines as a file, and tells lines apart from their concatenation", () => {
  const file = createHash("sha256").update('{"é":1}\n2\n').digest("hex");
  expect(trajectoryHash(['{"é":1}', "2"])).toBe(file);
  expect(trajectoryHash(["1", "2"])).not.toBe(trajectoryHash(["12"]));
});

test("rewards have a hash of their own, in which −0 is 0 and NaN has no place", () => {
  expect(rewardsHash([0.1, 0])).toBe(rewardsHash([0.1, -0]));
  expect(rewardsHash([0.1, 0])).not.toBe(rewardsHash([0, 0.1]));
  expect(() => rewardsHash([NaN])).toThrow("finite");
});
