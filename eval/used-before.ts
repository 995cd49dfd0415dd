import type { ProviderCallRecord, ResultStore } from "../env/store/store.ts";
import type { BudgetRule, EpisodeUse } from "./provider/budget.ts";
import { groupBy } from "./report/group-by.ts";

/**
 * Tells a budget what a run has used in earlier sittings: from its calls, because an episode that was being played when
 * its process died has no sums. Of a lost call only that it was made is known.
 */
export async function rememberUse(budget: BudgetRule, store: Pick<ResultStore, "calls">, runId: string): Promise<void> {
  const byEpisode = groupBy(await store.calls({ runId }), ({ episodeId }) => episodeId);
  for (const calls of byEpisode.values()) budget.remember(usedBy(calls));
}

function usedBy(calls: readonly ProviderCallRecord[]): EpisodeUse {
  const sum = (field: "inputTokens" | "outputTokens" | "costUusd"): number =>
    calls.reduce((total, call) => total + (call[field] ?? 0), 0);
  return {
    providerCalls: calls.length,
    inputTokens: sum("inputTokens"),
    outputTokens: sum("outputTokens"),
    costUusd: sum("costUusd"),
  };
}
