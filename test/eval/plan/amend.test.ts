import { describe, expect, test } from "vitest";
import type { SlotRecord } from "../../../env/store/store.ts";
import { amend, together } from "../../../eval/amend.ts";
import { readAgents } from "../../../eval/cli/agent-options.ts";
import { partsOf, planFrom } from "../../../eval/cli/plan-options.ts";
import { amendment, requestFromStored, storedRequest } from "../../../eval/cli/stored-request.ts";
import type { Plan } from "../../../eval/plan.ts";
import { episodesOf, NOWHERE, optionsOf, planned, wiring } from "./fixtures.ts";

const stored = (plan: Plan, shift = 0): SlotRecord[] =>
  plan.slots.map(({ slotId, variant, specHash, seed, trial, ordinal }) => ({
    slotId,
    runId: plan.runId,
    variantId: variant.id,
    specHash,
    seed,
    trial,
    ordinal: ordinal + shift,
    state: "scored",
    attempts: 1,
    finalEpisodeId: null,
  }));

const planOf = (requests: readonly ReturnType<typeof storedRequest>[], runId: string): Plan => {
  const parts = requests.map((request) => {
    const options = requestFromStored(request);
    return partsOf(wiring, options, readAgents(options));
  });
  return planFrom(together(parts as [(typeof parts)[number]]), runId);
};

const asked = (...args: readonly string[]) => storedRequest(optionsOf(...args));

describe("an amendment", () => {
  const first = asked("--agents", "random", "--split", "dev");
  const old = planOf([first], "run-1");

  test.for([
    ["an agent", ["--agents", "runbook"], { random: 8, runbook: 8 }],
    ["tasks", ["--split", "test"], { random: 16 }],
    ["trials", ["--trials", "3"], { random: 24 }],
    ["all of it", ["--agents", "runbook", "--task-ids", "inc-101", "--trials", "2"], { random: 8, runbook: 2 }],
  ] as const)("adds %s after what is there, which keeps ids and places", ([, args, episodes]) => {
    const requests = amendment([first], optionsOf(...args));
    const plan = planOf(requests, "run-1");
    expect(episodesOf(plan)).toEqual(episodes);
    const slots = stored(old, 100); // someone moved them
    const amended = amend(plan, slots);
    expect(amended.slots.slice(0, slots.length).map(({ slotId, ordinal }) => [slotId, ordinal])).toEqual(
      slots.map(({ slotId, ordinal }) => [slotId, ordinal]),
    );
    const fresh = amended.slots.slice(slots.length);
    expect(fresh.map(({ ordinal }) => ordinal)).toEqual(fresh.map((_, i) => 108 + i));
    expect(new Set(amended.slots.map(({ slotId }) => slotId)).size).toBe(plan.slots.length);
    expect(amendment(requests, optionsOf(...args))).toEqual(requests);
  });

  test("goes on with every shard that is stored", () => {
    const [one, two] = ["1/2", "2/2"].map((shard) =>
      planned("--agents", "random", "--split", "dev", "--shard", shard),
    ) as [Plan, Plan];
    const resumed = amend(one, [...stored(one), ...stored(two)]);
    expect(resumed.slots).toHaveLength(8);
    expect(amend(one, stored(one)).slots).toEqual(one.slots);
    expect(amend(one, []).slots.map(({ slotId }) => slotId)).toEqual(one.slots.map(({ slotId }) => slotId));
  });

  test("takes nothing away", () => {
    const less = planned("--agents", "random", "--task-ids", "inc-105");
    expect(() => amend({ ...less, runId: "run-1" }, stored(old))).toThrow("slots that are not asked for");
  });

  test("keeps what a run has only one of", () => {
    for (const args of [
      ["--seed", "4"],
      ["--max-episode-tokens", "77"],
      ["--shard", "1/2"],
    ]) {
      expect(() => planOf(amendment([first], optionsOf(...args)), "run-1")).toThrow(`A run has one ${args[0]}`);
    }
  });

  test("refuses one name for two settings", () => {
    const model = asked("--models", "m", ...NOWHERE, "--split", "dev");
    expect(() => planOf(amendment([model], optionsOf("--temperature", "1")), "run-1")).toThrow(
      "tools:m plays with two different settings: sampling.temperature: nothing -> 1",
    );
  });
});
