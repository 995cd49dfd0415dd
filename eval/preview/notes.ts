import { everySlot } from "../plan.ts";
import type { Plan } from "../plan.ts";
import { ANCHORS } from "../presets.ts";
import { selectionOf } from "../report/selection.ts";
import { suiteRecord } from "../specs.ts";
import { isAnchor } from "../targets.ts";
import type { Variant } from "../variants.ts";

/** What already speaks against a place on the leaderboard, by the code of its condition; nobody but anchors: nothing. */
export function rankingNotes(plan: Plan): string[] {
  const ranked = plan.variants.filter((variant) => !isAnchor(variant));
  if (ranked.length === 0) return [];
  return [...choiceNotes(plan, ranked), ...identityNotes(ranked), ...anchorNotes(plan)];
}

function choiceNotes({ suite, groups }: Plan, ranked: readonly Variant[]): string[] {
  const suites = { ...suiteRecord(suite), frozenAt: null };
  const partial = ranked.filter(({ id }) => {
    const targets = groups.flat().filter(({ variant }) => variant.id === id);
    const tasks = new Set(targets.flatMap((target) => target.tasks.map((task) => task.id)));
    return selectionOf(suites, tasks) === null;
  });
  return partial.length === 0 ? [] : [`L02: neither the whole suite nor a whole split is played by ${named(partial)}.`];
}

function identityNotes(ranked: readonly Variant[]): string[] {
  const nameless = ranked.filter(
    ({ identity: { kind, deployment, engineName, hardware } }) =>
      kind === "llm" && deployment === "local" && (engineName === undefined || hardware === undefined),
  );
  return nameless.length === 0
    ? []
    : [`L08: --engine-name and --hardware say what a local model runs on: ${named(nameless)}.`];
}

/** Pages that are played without an anchor; another run may have them. */
function anchorNotes(plan: Plan): string[] {
  const slots = everySlot(plan.runId, plan);
  const pages = new Set(slots.filter(({ variant }) => !isAnchor(variant)).map(({ seed }) => seed));
  const lacking = ANCHORS.filter((name) => {
    const own = new Set(slots.filter(({ variant }) => variant.label === name).map(({ seed }) => seed));
    return [...pages].some((seed) => !own.has(seed));
  });
  return lacking.length === 0
    ? []
    : [`L09: ${lacking.join(", ")} will be missing on the same pages, unless another run has them: --anchors.`];
}

const named = (variants: readonly Variant[]): string => variants.map(({ label }) => label).join(", ");
