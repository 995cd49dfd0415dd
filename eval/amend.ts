import { canonicalJson } from "../env/store/canonical.ts";
import type { SlotRecord } from "../env/store/store.ts";
import { UsageError } from "./errors.ts";
import { everySlot } from "./plan.ts";
import type { Plan } from "./plan.ts";
import type { PlanParts } from "./targets.ts";

/**
 * A plan as it goes on from what is stored: slots that are there keep their place, of whichever shard they are, and new
 * ones come after them.
 * @throws UsageError when slots are stored that the plan does not have
 */
export function amend(plan: Plan, stored: readonly SlotRecord[]): Plan {
  const known = new Map(everySlot(plan.runId, plan).map((slot) => [slot.slotId, slot]));
  const kept = stored.flatMap(({ slotId, ordinal }) => {
    const slot = known.get(slotId);
    return slot === undefined ? [] : [{ ...slot, ordinal }];
  });
  if (kept.length < stored.length) {
    throw new UsageError(
      `The run has ${stored.length - kept.length} slots that are not asked for; nothing is taken away.`,
    );
  }
  const there = new Set(stored.map(({ slotId }) => slotId));
  const next = stored.reduce((most, { ordinal }) => Math.max(most, ordinal + 1), 0);
  const fresh = plan.slots
    .filter(({ slotId }) => !there.has(slotId))
    .map((slot, i) => ({ ...slot, ordinal: next + i }));
  return { ...plan, slots: [...kept.toSorted((a, b) => a.ordinal - b.ordinal), ...fresh] };
}

/**
 * What several requests to one run ask for together; what they have in common is played once.
 * @throws UsageError when they disagree about what a run has only one of
 */
export function together([first, ...others]: readonly [PlanParts, ...PlanParts[]]): PlanParts {
  for (const other of others) {
    assertSame("--seed", first.baseSeed, other.baseSeed);
    assertSame("--max-episode-tokens", first.maxEpisodeTokens, other.maxEpisodeTokens);
    assertSame("--shard", first.shard, other.shard);
  }
  const split = others.every((other) => other.split === first.split) ? first.split : null;
  return { ...first, groups: [first, ...others].flatMap(({ groups }) => groups), split };
}

function assertSame(flag: string, stored: unknown, given: unknown): void {
  if (canonicalJson(stored) === canonicalJson(given)) return;
  throw new UsageError(`A run has one ${flag} for all that it plays: it has ${told(stored)}, and ${told(given)} came.`);
}

const told = (value: unknown): string => (value === null ? "none" : JSON.stringify(value));
