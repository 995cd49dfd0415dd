import type { Progress } from "./targets.ts";

/** Attempts that tell the pace: the latest, so that an outage or a faster provider is seen soon. */
const LATEST = 30;

/**
 * How long the slots that are left will take at the pace of the latest attempts of this sitting. Time in which nothing
 * ends counts: a run that stands still gets further and further from its end.
 * @returns milliseconds; 0 when nothing is left, null before anything has ended
 */
export function etaMs({ slots, attempts, since, now }: Omit<Progress, "runningCalls">): number | null {
  const left = slots.filter(({ state }) => state === "pending" || state === "running").length;
  if (left === 0) return 0;
  const ended = attempts
    .flatMap(({ outcome, startedAt, endedAt }) =>
      outcome === null || outcome === "abandoned" || endedAt === null || startedAt < since
        ? []
        : [{ startedAt, endedAt }],
    )
    .toSorted((a, b) => a.endedAt - b.endedAt)
    .slice(-LATEST);
  if (ended.length === 0) return null;
  const began = Math.min(...ended.map(({ startedAt }) => startedAt));
  return Math.round((Math.max(0, now - began) / ended.length) * left);
}
