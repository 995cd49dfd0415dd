import { expect, test } from "vitest";
import type { Task } from "../../env/core/task.ts";
import { everySibling, taskOf } from "../helpers.ts";
import { MOST_WORSE, worstSetback } from "./monotone.ts";

const SEEDS = 6;

test.for(everySibling.map((one) => [one.name, one] as const))(
  "the reference fix of %s makes no objective worse on its way",
  ([, { task, sibling }]) => {
    for (let seed = 0; seed < SEEDS; seed += 1) {
      expect(worstSetback(task, seed, sibling)?.worse ?? 0).toBeLessThanOrEqual(MOST_WORSE);
    }
  },
);

test("a change that makes things worse would be found", () => {
  const task = taskOf("inc-130");
  const [first, ...others] = task.siblings as [Task["siblings"][number], ...Task["siblings"]];
  const harmful = { type: "update_config", service: "web_server", key: "publish_timeout_ms", value: 5000 } as const;
  const setback = worstSetback({ ...task, siblings: [{ ...first, fixes: [[harmful]] }, ...others] }, 0, 0);
  expect(setback?.worse).toBeGreaterThan(MOST_WORSE);
});
