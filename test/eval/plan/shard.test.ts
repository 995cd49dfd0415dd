import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { everySlot } from "../../../eval/plan.ts";
import { isInShard } from "../../../eval/shard.ts";
import { optionsOf, planned } from "./fixtures.ts";

describe("shards", () => {
  test("hold every slot in exactly one of them, under one run and one fingerprint", () => {
    const whole = planned("--agents", "random,runbook", "--trials", "2");
    const all = everySlot(`sharded-${whole.fingerprint.slice(0, 16)}`, whole);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), (count) => {
        const shards = Array.from({ length: count }, (_, i) =>
          planned("--agents", "random,runbook", "--trials", "2", "--shard", `${i + 1}/${count}`),
        );
        expect(new Set(shards.map(({ runId }) => runId)).size).toBe(1);
        const slots = shards.flatMap((shard) => shard.slots);
        expect(slots.map(({ slotId }) => slotId).toSorted()).toEqual(all.map(({ slotId }) => slotId).toSorted());
        expect(new Set(slots.map(({ ordinal }) => ordinal)).size).toBe(all.length);
        for (const shard of shards) expect(shard.fingerprint).toBe(whole.fingerprint);
      }),
      { numRuns: 6 },
    );
  });

  test("are about equal", () => {
    const ids = everySlot("run", planned("--agents", "random", "--trials", "50"));
    for (const index of [1, 2, 3, 4]) {
      const share = ids.filter(({ slotId }) => isInShard(slotId, { index, count: 4 })).length / ids.length;
      expect(Math.abs(share - 0.25)).toBeLessThan(0.05);
    }
  });

  test.for(["0/3", "4/3", "1/0", "1", "a/b", "1/1001", "1/2/3", "-1/3", "1.5/3", ""])("%o is none", (text) => {
    expect(() => optionsOf("--shard", text)).toThrow("Expected i/n");
  });
});
