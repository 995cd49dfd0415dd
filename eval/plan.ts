import type { Task } from "../env/core/task.ts";
import { canonicalJson, sha256 } from "../env/store/canonical.ts";
import { slotId } from "../env/store/identity.ts";
import { assertOneOfEachLabel, fingerprintFields } from "./fingerprint.ts";
import { evaluationSeed } from "./seeds.ts";
import { isInShard } from "./shard.ts";
import { specHash } from "./specs.ts";
import { distinctVariants, tasksOf, trialsOf } from "./targets.ts";
import type { Group, PlanParts } from "./targets.ts";
import type { Variant } from "./variants.ts";

/** What a run plays. */
export interface Plan extends PlanParts {
  readonly runId: string;
  /** Everything that anyone plays, in the order of the suite. */
  readonly tasks: readonly Task[];
  readonly variants: readonly Variant[];
  /** Of those who are no anchors, the most. */
  readonly trials: number;
  /** In the order of play; of a sharded run, those of the shard. */
  readonly slots: readonly PlannedSlot[];
  /** Hash of all that decides what is played, shards aside. */
  readonly fingerprint: string;
}

/** One episode to be played. */
export interface PlannedSlot {
  readonly slotId: string;
  readonly variant: Variant;
  readonly task: Task;
  readonly specHash: string;
  /** Counts from 0. */
  readonly trial: number;
  readonly seed: number;
  /** Place in the order of play of all shards together. */
  readonly ordinal: number;
}

/** Everybody plays the same. */
export type PlanRequest = Pick<Plan, "runId" | "suite" | "tasks" | "variants" | "trials" | "baseSeed" | "salt"> &
  Partial<Pick<Plan, "split" | "maxEpisodeTokens" | "shard">>;

/** A plan in which every agent plays every task equally often. */
export function makePlan({ runId, tasks, variants, trials, ...rest }: PlanRequest): Plan {
  const { suite, baseSeed, salt, split = null, maxEpisodeTokens = null, shard = null } = rest;
  const groups = [variants.map((variant) => ({ variant, tasks, trials }))];
  return planOf(runId, { suite, groups, baseSeed, salt, split, maxEpisodeTokens, shard });
}

/** @throws UsageError when two agents of one name differ in more than their name */
export function planOf(runId: string, parts: PlanParts): Plan {
  const variants = distinctVariants(parts.groups);
  assertOneOfEachLabel(variants);
  const all = everySlot(runId, parts);
  const { shard } = parts;
  return {
    ...parts,
    runId,
    tasks: tasksOf(parts.suite, parts.groups),
    variants,
    trials: trialsOf(parts.groups),
    slots: shard === null ? all : all.filter((slot) => isInShard(slot.slotId, shard)),
    fingerprint: fingerprintOf(parts),
  };
}

/** The same for every shard, whatever the run is called. */
export const fingerprintOf = (parts: PlanParts): string => sha256(canonicalJson(fingerprintFields(parts)));

/**
 * The slots of all shards. Trial by trial, task by task, agent by agent: a run that stops early has seen every task.
 * What two groups have in common is played once, with the first.
 */
export function everySlot(runId: string, { suite, groups, baseSeed, salt }: PlanParts): PlannedSlot[] {
  const hashes = new Map(tasksOf(suite, groups).map((task) => [task, specHash(task)]));
  const slots = new Map<string, PlannedSlot>();
  for (const { variant, task, trial } of groups.flatMap(turnsOf)) {
    const hash = hashes.get(task) as string;
    const seed = evaluationSeed({ salt, baseSeed, taskId: task.id, specVersion: task.spec_version, trial });
    const id = slotId(runId, { variantId: variant.id, specHash: hash, seed });
    if (slots.has(id)) continue;
    slots.set(id, { slotId: id, variant, task, specHash: hash, trial, seed, ordinal: slots.size });
  }
  return [...slots.values()];
}

function turnsOf(group: Group): { readonly variant: Variant; readonly task: Task; readonly trial: number }[] {
  const targets = group.map((target) => ({ ...target, own: new Set(target.tasks) }));
  const tasks = [...new Set(group.flatMap((target) => target.tasks))];
  const trials = Math.max(0, ...group.map((target) => target.trials));
  return Array.from({ length: trials }, (_, trial) =>
    tasks.flatMap((task) =>
      targets
        .filter((target) => trial < target.trials && target.own.has(task))
        .map(({ variant }) => ({ variant, task, trial })),
    ),
  ).flat();
}

/** `20261120-231502-3f9a`: sorts by time, and two runs of one second differ. */
export function newRunId(now: Date, random: () => number): string {
  const stamp = now.toISOString().replaceAll("-", "").replace("T", "-").replaceAll(":", "").slice(0, 15);
  return `${stamp}-${Math.floor(random() * 0x10000)
    .toString(16)
    .padStart(4, "0")}`;
}

/** The run of all shards of what has this fingerprint, in whichever process they are played. */
export const shardedRunId = (fingerprint: string): string => `sharded-${fingerprint.slice(0, 16)}`;
