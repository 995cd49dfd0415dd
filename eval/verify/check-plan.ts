import { Task } from "../../env/core/task.ts";
import { episodeId, slotId, variantId } from "../../env/store/identity.ts";
import { isScored } from "../../env/store/episode-records.ts";
import type {
  EpisodeEntry,
  RunRecord,
  SlotRecord,
  SuiteRecord,
  TaskSpecRecord,
  VariantRecord,
} from "../../env/store/store.ts";
import { canonicalJson, sha256 } from "../../env/store/trajectory.ts";
import { groupBy } from "../report/group-by.ts";
import { evaluationSeed } from "../seeds.ts";
import { unlessEqual } from "./problem.ts";
import type { Problem } from "./problem.ts";

/** The parts of a run that its episodes rest on. */
export interface StoredPlan {
  readonly run: RunRecord;
  readonly suite: SuiteRecord | null;
  readonly variants: readonly VariantRecord[];
  readonly taskSpecs: readonly TaskSpecRecord[];
  readonly slots: readonly SlotRecord[];
  /** Every attempt. */
  readonly episodes: readonly EpisodeEntry[];
}

/** The tasks of a run by the hash of their definition, and what is wrong with those that are missing. */
export interface StoredTasks {
  readonly tasks: ReadonlyMap<string, Task>;
  readonly problems: readonly Problem[];
}

/** Tasks as they are stored with a run: results stay checkable when the suite has moved on. */
export function storedTasks(specs: readonly TaskSpecRecord[]): StoredTasks {
  const tasks = new Map<string, Task>();
  const problems: Problem[] = [];
  for (const { specHash, taskId, specVersion, difficulty, spec } of specs) {
    const what = `task ${taskId}`;
    const read = Task.safeParse(spec);
    const found = read.success
      ? [
          ...unlessEqual(`${what} definition`, specHash, sha256(canonicalJson(read.data))),
          ...unlessEqual(`${what} id`, read.data.id, taskId),
          ...unlessEqual(`${what} spec_version`, read.data.spec_version, specVersion),
          ...unlessEqual(`${what} difficulty`, read.data.difficulty, difficulty),
        ]
      : [{ what: `${what} definition`, detail: read.error.issues[0]?.message ?? "it is no task" }];
    problems.push(...found);
    if (read.success && found.length === 0) tasks.set(specHash, read.data);
  }
  return { tasks, problems };
}

/**
 * Checks what is derived: hashes of suite and variants, ids of slots and attempts, seeds, and which attempt counts.
 * @param salt of the run's seeds; empty for the published ones
 */
export const checkPlan = (plan: StoredPlan, salt: string): Problem[] => [
  ...suiteProblems(plan),
  ...plan.variants.flatMap((variant) => {
    const { variantId: id, ...identity } = variant;
    return unlessEqual(`variant ${variant.label}`, variantId(identity), id);
  }),
  ...slotProblems(plan),
  ...seedProblems(plan, salt),
  ...attemptProblems(plan),
];

function suiteProblems({ run, suite, taskSpecs }: StoredPlan): Problem[] {
  const name = `suite ${run.suite}@${run.suiteVersion}`;
  if (suite === null) return [{ what: name, detail: "it is not stored" }];
  const listed = (suite.manifest["tasks"] ?? {}) as Readonly<Record<string, unknown>>;
  return [
    ...unlessEqual(`${name} manifest`, sha256(canonicalJson(suite.manifest)), suite.manifestSha256),
    ...taskSpecs.flatMap(({ taskId, specHash }) => unlessEqual(`${name} task ${taskId}`, listed[taskId], specHash)),
  ];
}

const slotProblems = ({ run, slots }: StoredPlan): Problem[] =>
  slots.flatMap((slot) => unlessEqual(`slot ${short(slot.slotId)}`, slotId(run.runId, slot), slot.slotId));

/** The salt of seeds that everyone can derive. */
const UNSALTED = sha256("");

export const isSalted = ({ saltSha256 }: Pick<RunRecord, "saltSha256">): boolean =>
  saltSha256 !== null && saltSha256 !== UNSALTED;

/** Whether the seeds of a run can be derived with this salt. */
export const knowsSalt = (run: RunRecord, salt: string): boolean => !isSalted(run) || run.saltSha256 === sha256(salt);

/** Outside clients choose their own seeds. */
function seedProblems({ run, variants, taskSpecs, slots }: StoredPlan, salt: string): Problem[] {
  if (!knowsSalt(run, salt)) return [];
  const specs = new Map(taskSpecs.map((spec) => [spec.specHash, spec]));
  const outside = new Set(variants.filter(({ kind }) => kind === "external").map(({ variantId: id }) => id));
  return slots.flatMap((slot) => {
    const what = `slot ${short(slot.slotId)}`;
    const spec = specs.get(slot.specHash);
    if (spec === undefined) return [{ what, detail: "its task is not stored" }];
    return outside.has(slot.variantId)
      ? []
      : unlessEqual(`${what} seed`, derivedSeed(run, spec, slot.trial, salt), slot.seed);
  });
}

/** The seed that a slot of a planned run has. */
export const derivedSeed = (
  run: Pick<RunRecord, "baseSeed" | "saltSha256">,
  { taskId, specVersion }: TaskSpecRecord,
  trial: number,
  salt: string,
): number => evaluationSeed({ salt: isSalted(run) ? salt : "", baseSeed: run.baseSeed, taskId, specVersion, trial });

function attemptProblems({ slots, episodes }: StoredPlan): Problem[] {
  const bySlot = groupBy(episodes, ({ slotId: id }) => id);
  return slots.flatMap((slot) => {
    const what = `slot ${short(slot.slotId)}`;
    const attempts = bySlot.get(slot.slotId) ?? [];
    const last = attempts.findLast(({ outcome }) => outcome !== null) ?? null;
    return [
      ...unlessEqual(`${what} attempts`, attempts.length, slot.attempts),
      ...attempts.flatMap(({ attempt, episodeId: id }) =>
        unlessEqual(`episode ${short(id)}`, episodeId(slot.slotId, attempt), id),
      ),
      ...unlessEqual(`${what} final episode`, last?.episodeId ?? null, slot.finalEpisodeId),
      ...stateProblems(what, slot, last),
    ];
  });
}

/** A slot may be pending again after an attempt that was not scored; a scored one is closed. */
function stateProblems(what: string, { state }: SlotRecord, last: EpisodeEntry | null): Problem[] {
  const scored = last?.outcome != null && isScored(last.outcome);
  return scored === (state === "scored")
    ? []
    : [{ what: `${what} state`, detail: `its last attempt was ${last?.outcome ?? "none"}, stored ${state}` }];
}

const short = (hash: string): string => hash.slice(0, 12);
