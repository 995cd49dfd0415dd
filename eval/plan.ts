import { suiteId } from "../env/core/task.ts";
import type { Suite, Task } from "../env/core/task.ts";
import { ENV_VERSION, SCORING_VERSION } from "../env/core/version.ts";
import { canonicalJson, sha256 } from "../env/store/canonical.ts";
import { slotId } from "../env/store/identity.ts";
import { evaluationSeed } from "./seeds.ts";
import { specHash } from "./specs.ts";
import type { Variant } from "./variants.ts";

/** What a run plays: agents × tasks × trials. */
export interface Plan {
  readonly runId: string;
  readonly suite: Suite;
  readonly tasks: readonly Task[];
  readonly variants: readonly Variant[];
  readonly trials: number;
  readonly baseSeed: number;
  readonly salt: string;
  readonly slots: readonly PlannedSlot[];
  /** Hash of all that decides what is played. */
  readonly fingerprint: string;
}

/** One episode to be played. */
export interface PlannedSlot {
  readonly slotId: string;
  readonly variant: Variant;
  readonly task: Task;
  readonly specHash: string;
  readonly trial: number;
  readonly seed: number;
  readonly ordinal: number;
}

export type PlanRequest = Omit<Plan, "slots" | "fingerprint">;

/** Trial by trial, task by task, agent by agent: a run that stops early has seen every task. */
export function makePlan(request: PlanRequest): Plan {
  const { runId, suite, tasks, variants, trials, baseSeed, salt } = request;
  const slots: PlannedSlot[] = [];
  const hashes = new Map(tasks.map((task) => [task.id, specHash(task)]));
  for (let trial = 0; trial < trials; trial += 1) {
    for (const task of tasks) {
      const hash = hashes.get(task.id) as string;
      const seed = evaluationSeed({ salt, baseSeed, taskId: task.id, specVersion: task.spec_version, trial });
      for (const variant of variants) {
        const id = slotId(runId, { variantId: variant.id, specHash: hash, seed });
        slots.push({ slotId: id, variant, task, specHash: hash, trial, seed, ordinal: slots.length });
      }
    }
  }
  const fingerprint = sha256(
    canonicalJson({
      suite: suiteId(suite),
      env_version: ENV_VERSION,
      scoring_version: SCORING_VERSION,
      tasks: [...hashes.values()],
      variants: variants.map(({ id }) => id),
      trials,
      base_seed: baseSeed,
      salt: sha256(salt),
    }),
  );
  return { ...request, slots, fingerprint };
}

/** `20261120-231502-3f9a`: sorts by time, and two runs of one second differ. */
export function newRunId(now: Date, random: () => number): string {
  const stamp = now.toISOString().replaceAll("-", "").replace("T", "-").replaceAll(":", "").slice(0, 15);
  return `${stamp}-${Math.floor(random() * 0x10000)
    .toString(16)
    .padStart(4, "0")}`;
}
