import { SPLITS } from "../../env/core/task.ts";
import type { SuiteRecord } from "../../env/store/store.ts";

/** What a set of tasks is of its suite: `suite`, the name of a split, or null for a choice of tasks. */
export function selectionOf(suite: SuiteRecord | null, taskIds: ReadonlySet<string>): string | null {
  const whole = wholesOf(suite).find(({ ids }) => ids.length === taskIds.size && ids.every((id) => taskIds.has(id)));
  return whole?.name ?? null;
}

/** The suite and its splits. The manifest may come from a stranger's file. */
function wholesOf(suite: SuiteRecord | null): { readonly name: string; readonly ids: readonly string[] }[] {
  const { tasks, splits } = (suite?.manifest ?? {}) as { readonly tasks?: unknown; readonly splits?: unknown };
  const ofSplits = SPLITS.map((name) => ({
    name,
    ids: (splits as Readonly<Record<string, unknown>> | undefined)?.[name],
  }));
  return [{ name: "suite", ids: Object.keys(tasks ?? {}) }, ...ofSplits].filter(
    (whole): whole is { name: string; ids: string[] } => Array.isArray(whole.ids) && whole.ids.length > 0,
  );
}
