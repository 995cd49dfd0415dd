import type {
  EpisodeEntry,
  ProviderCallRecord,
  RunRecord,
  SlotRecord,
  SuiteRecord,
  TaskSpecRecord,
  VariantRecord,
} from "../../env/store/store.ts";
import { ANCHOR_KINDS } from "../targets.ts";
import { groupBy } from "./group-by.ts";
import type { ResultReader } from "./reader.ts";

/** One variant of one run, with all that is stored of it: what a leaderboard has a row for. */
export interface Entry {
  /** Unique among entries of any runs. */
  readonly key: string;
  readonly run: RunRecord;
  readonly suite: SuiteRecord | null;
  readonly variant: VariantRecord;
  /** In the order of play. */
  readonly slots: readonly SlotRecord[];
  /** Every attempt, in the order of play. */
  readonly attempts: readonly EpisodeEntry[];
  /** Of its attempts, in the order sent. */
  readonly calls: readonly ProviderCallRecord[];
  /** By hash of the definition. */
  readonly specs: ReadonlyMap<string, TaskSpecRecord>;
}

/** The entries of a run, by label. */
export async function readEntries(reader: ResultReader, run: RunRecord): Promise<Entry[]> {
  const { runId } = run;
  const suite = await reader.suite(run.suite, run.suiteVersion);
  const specs = new Map((await reader.taskSpecs(runId)).map((spec) => [spec.specHash, spec]));
  const slots = groupBy(await reader.slots(runId), ({ variantId }) => variantId);
  const attempts = groupBy(await reader.episodes({ runIds: [runId] }), ({ variantId }) => variantId);
  const calls = groupBy(await reader.calls({ runId }), ({ episodeId }) => episodeId);
  return (await reader.variants(runId)).map((variant): Entry => {
    const own = attempts.get(variant.variantId) ?? [];
    return {
      key: `${runId}/${variant.variantId}`,
      run,
      suite,
      variant,
      slots: slots.get(variant.variantId) ?? [],
      attempts: own,
      calls: own.flatMap(({ episodeId }) => calls.get(episodeId) ?? []),
      specs,
    };
  });
}

/** Whether it is there to hold the scale. */
export const isAnchor = ({ variant }: Pick<Entry, "variant">): boolean => ANCHOR_KINDS.has(variant.kind);

/** The attempts that count for their slots. */
export const finalOf = ({ attempts }: Pick<Entry, "attempts">): EpisodeEntry[] =>
  attempts.filter(({ final, outcome }) => final && outcome !== null);

/** The attempts that count and were scored. */
export const scoredOf = (entry: Pick<Entry, "attempts">): EpisodeEntry[] =>
  finalOf(entry).filter(({ scored }) => scored);

/** The tasks that entries had to play. */
export const taskIdsOf = (entries: readonly Pick<Entry, "slots" | "specs">[]): Set<string> =>
  new Set(entries.flatMap(({ slots, specs }) => slots.flatMap(({ specHash }) => specs.get(specHash)?.taskId ?? [])));

/** Labels of entries: that of the variant, with as much more as tells two entries apart. */
export function labelsOf(entries: readonly Entry[]): Map<string, string> {
  const short = groupBy(entries, ({ variant }) => variant.label);
  return new Map(
    entries.map((entry) => {
      const { label, variantId } = entry.variant;
      const same = short.get(label) ?? [];
      if (same.length === 1) return [entry.key, label];
      const inRun = same.filter(({ run }) => run.runId === entry.run.runId);
      const id = inRun.length > 1 ? ` ${variantId.slice(0, 8)}` : "";
      const run = same.length > inRun.length ? ` (${entry.run.runId})` : "";
      return [entry.key, `${label}${id}${run}`];
    }),
  );
}
