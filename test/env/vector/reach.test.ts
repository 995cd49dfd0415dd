import { describe, expect, test } from "vitest";
import { everySibling, seedOfSibling } from "../../helpers.ts";
import { verdictThroughTable } from "./reach.ts";

const SEEDS = 2;

describe("every sibling is cured for good through the discrete actions", () => {
  test.for(everySibling.map(({ name, ...rest }) => [name, rest] as const))("%s", ([, { task, sibling }]) => {
    let seed = -1;
    for (let i = 0; i < SEEDS; i += 1) {
      seed = seedOfSibling(task, sibling, seed + 1);
      const verdict = verdictThroughTable(task, seed);
      expect([seed, verdict?.mitigated, verdict?.durable, verdict?.success]).toEqual([seed, true, true, true]);
    }
  });
});
