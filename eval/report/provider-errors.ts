import type { EpisodeEntry } from "../../env/store/store.ts";
import { groupBy } from "./group-by.ts";
import { finalOf, scoredOf } from "./entry.ts";
import type { Entry } from "./entry.ts";

/** How often one class of provider error came, apart from everything an agent did. */
export interface ProviderErrors {
  readonly label: string;
  readonly errorClass: string;
  /** Requests that failed with it; a repeated one counts each time. */
  readonly calls: number;
  /** Episodes that it left unscored. */
  readonly unscored: number;
}

/** Provider errors of entries by class, the most frequent first within each entry. */
export const providerErrors = (rows: readonly { entry: Entry; label: string }[]): ProviderErrors[] =>
  rows.flatMap(({ entry, label }) => {
    const failed = entry.calls.filter(({ state }) => state === "failed" || state === "lost");
    const calls = groupBy(failed, ({ errorClass, state }) => errorClass ?? state);
    const spoilt = finalOf(entry).filter(({ outcome }) => outcome === "provider_error");
    const episodes = groupBy(spoilt, ({ errorClass }) => errorClass ?? "unknown");
    return [...new Set([...calls.keys(), ...episodes.keys()])]
      .map((errorClass) => ({
        label,
        errorClass,
        calls: calls.get(errorClass)?.length ?? 0,
        unscored: episodes.get(errorClass)?.length ?? 0,
      }))
      .toSorted((a, b) => b.calls - a.calls || (a.errorClass < b.errorClass ? -1 : 1));
  });

/** How many slots ended in which way; those without an ended attempt are `open`. */
export function outcomesOf(entry: Entry): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  const ended = finalOf(entry);
  for (const { outcome } of ended) if (outcome !== null) counts[outcome] = (counts[outcome] ?? 0) + 1;
  const open = entry.slots.length - ended.length;
  return open > 0 ? { ...counts, open } : counts;
}

/** How scored episodes came to their end: closed, out of steps, or cut by a limit of the harness. */
export function endingsOf(entry: Entry): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { terminalReason } of scoredOf(entry)) {
    if (terminalReason !== null) counts[terminalReason] = (counts[terminalReason] ?? 0) + 1;
  }
  return counts;
}

/** Successes of so many scored episodes. */
export interface Share {
  readonly successes: number;
  readonly scored: number;
}

/** Episodes that counted at the first attempt beside those that were played again, as playing again can favour tasks. */
export function repeatedOf(entry: Entry): { readonly once: Share; readonly again: Share } {
  const scored = scoredOf(entry);
  return {
    once: shareOf(scored.filter(({ attempt }) => attempt === 1)),
    again: shareOf(scored.filter(({ attempt }) => attempt > 1)),
  };
}

const shareOf = (episodes: readonly EpisodeEntry[]): Share => ({
  successes: episodes.filter(({ outcome }) => outcome === "success").length,
  scored: episodes.length,
});
