import type { Suite, Task } from "../env/core/task.ts";
import type { VariantKind } from "../env/store/store.ts";
import type { Shard } from "./shard.ts";
import type { Variant } from "./variants.ts";

/** One who plays, and what. */
export interface Target {
  readonly variant: Variant;
  readonly tasks: readonly Task[];
  /** Episodes per task, ≥ 1. */
  readonly trials: number;
}

/** Targets that take turns. */
export type Group = readonly Target[];

/** What a plan is made of. */
export interface PlanParts {
  readonly suite: Suite;
  /** Who plays what. Groups follow each other; within one, agents take turns. */
  readonly groups: readonly Group[];
  readonly baseSeed: number;
  readonly salt: string;
  /** Name of the split that was asked for; null where tasks were chosen in any other way. */
  readonly split: string | null;
  /** Input and output of one episode, after which it is cut. */
  readonly maxEpisodeTokens: number | null;
  /** Which part of the slots is played here; null: all. */
  readonly shard: Shard | null;
}

/** Kinds that ship as part of the scale. They ask nobody: a trial costs no more than its computing. */
export const ANCHOR_KINDS: ReadonlySet<VariantKind> = new Set(["random", "runbook", "expert", "probe"]);

export const isAnchor = ({ identity }: Variant): boolean => ANCHOR_KINDS.has(identity.kind);

/** In the order in which they first play. */
export const distinctVariants = (groups: readonly Group[]): Variant[] => [
  ...new Map(groups.flat().map(({ variant }) => [variant.id, variant])).values(),
];

/** Everything that anyone plays: in the order of the suite. */
export function tasksOf(suite: Suite, groups: readonly Group[]): Task[] {
  const played = new Set(groups.flat().flatMap(({ tasks }) => tasks));
  return suite.tasks.filter((task) => played.has(task));
}

/** The most that anyone who is no anchor plays of a task; of anchors alone, the most of theirs. */
export function trialsOf(groups: readonly Group[]): number {
  const targets = groups.flat();
  const others = targets.filter(({ variant }) => !isAnchor(variant));
  return Math.max(0, ...(others.length === 0 ? targets : others).map(({ trials }) => trials));
}
