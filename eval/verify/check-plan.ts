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
import { fingerprintProblems } from "./check-fingerprint.ts";
import { concerning, unlessEqual } from "./problem.ts";
import type { Problem } from "./problem.ts";
import { derivedSeed, knowsSalt } from "./salt.ts";

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

/**
 * Checks what is derived: fingerprint, hashes of suite and variants, ids of slots and attempts, seeds, and which attempt counts.
 * @param salt of the run's seeds; empty for the published ones
 */
export function checkPlan(plan: StoredPlan, salt: string): Problem[] {
  const context = { ...plan, salt, specs: new Map(plan.taskSpecs.map((spec) => [spec.specHash, spec])) };
  const attempts = groupBy(plan.episodes, ({ slotId: id }) => id);
  return [
    ...fingerprintProblems(plan.run),
    ...suiteProblems(plan),
    ...plan.variants.flatMap(variantProblems),
    ...plan.slots.flatMap((slot) =>
      concerning(slot.variantId, [
        ...placeProblems(slot, context),
        ...attemptProblems(slot, attempts.get(slot.slotId) ?? []),
      ]),
    ),
  ];
}

function suiteProblems({ run, suite, taskSpecs }: StoredPlan): Problem[] {
  const name = `suite ${run.suite}@${run.suiteVersion}`;
  if (suite === null) return [{ what: name, detail: "it is not stored" }];
  const listed = (suite.manifest["tasks"] ?? {}) as Readonly<Record<string, unknown>>;
  return [
    ...unlessEqual(`${name} manifest`, sha256(canonicalJson(suite.manifest)), suite.manifestSha256),
    ...taskSpecs.flatMap(({ taskId, specHash }) => unlessEqual(`${name} task ${taskId}`, listed[taskId], specHash)),
  ];
}

const variantProblems = ({ variantId: id, ...identity }: VariantRecord): Problem[] =>
  concerning(id, unlessEqual(`variant ${identity.label}`, variantId(identity), id));

interface Context extends StoredPlan {
  readonly salt: string;
  readonly specs: ReadonlyMap<string, TaskSpecRecord>;
}

/** The id of a slot follows from run, variant, task and seed; the seed from base seed, task and trial. */
function placeProblems(slot: SlotRecord, { run, variants, specs, salt }: Context): Problem[] {
  const what = nameOf(slot);
  const spec = specs.get(slot.specHash);
  if (spec === undefined) return [{ what, detail: "its task is not stored" }];
  // Outside clients choose their own seeds.
  const isOutside = variants.some(({ variantId: id, kind }) => id === slot.variantId && kind === "external");
  const isDerived = !isOutside && knowsSalt(run, salt);
  return [
    ...unlessEqual(what, slotId(run.runId, slot), slot.slotId),
    ...(isDerived ? unlessEqual(`${what} seed`, derivedSeed(run, spec, slot.trial, salt), slot.seed) : []),
  ];
}

/** A slot may be pending again after an attempt that was not scored; a scored one is closed. */
function attemptProblems(slot: SlotRecord, attempts: readonly EpisodeEntry[]): Problem[] {
  const what = nameOf(slot);
  const last = attempts.findLast(({ outcome }) => outcome !== null) ?? null;
  const isScoredLast = last?.outcome != null && isScored(last.outcome);
  const state = {
    what: `${what} state`,
    detail: `its last attempt was ${last?.outcome ?? "none"}, stored ${slot.state}`,
  };
  return [
    ...unlessEqual(`${what} attempts`, attempts.length, slot.attempts),
    ...attempts.flatMap(({ attempt, episodeId: id }) =>
      unlessEqual(`episode ${short(id)}`, episodeId(slot.slotId, attempt), id),
    ),
    ...unlessEqual(`${what} final episode`, last?.episodeId ?? null, slot.finalEpisodeId),
    ...(isScoredLast === (slot.state === "scored") ? [] : [state]),
  ];
}

const short = (hash: string): string => hash.slice(0, 12);
const nameOf = ({ slotId: id }: SlotRecord): string => `slot ${short(id)}`;
