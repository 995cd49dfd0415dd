import type { EpisodeEntry, ProviderCallRecord, RunEventRecord, StepRecord } from "../../env/store/store.ts";
import type { ResultReader } from "../report/reader.ts";

/** What has to be known to trust an episode's number, besides a replay. */
export interface Reliability {
  /** Every attempt at the slot, this one among them. */
  readonly attempts: readonly {
    readonly episodeId: string;
    readonly attempt: number;
    readonly outcome: string;
    readonly counts: boolean;
    readonly detail: string | null;
  }[];
  readonly calls: number;
  /** Failed and lost calls by class of error. */
  readonly failures: Readonly<Record<string, number>>;
  /** Model names that the provider returned. */
  readonly models: readonly string[];
  /** Invalid steps by reason, and steps with help from the harness by kind. */
  readonly invalid: Readonly<Record<string, number>>;
  readonly assists: Readonly<Record<string, number>>;
  /** Steps whose reply held more than one action. */
  readonly extraToolCalls: number;
  /** Milliseconds. */
  readonly wallMs: number | null;
  readonly workingMs: number | null;
  readonly waitingMs: number | null;
  /** What happened to the run while the episode ran. */
  readonly events: readonly string[];
}

export async function reliabilityOf(
  reader: ResultReader,
  entry: EpisodeEntry,
  steps: readonly StepRecord[],
): Promise<Reliability> {
  const siblings = await reader.episodes({ runIds: [entry.runId], taskIds: [entry.taskId] });
  const calls = await reader.calls({ episodeId: entry.episodeId });
  const events = await reader.events(entry.runId);
  return {
    attempts: siblings.filter(({ slotId }) => slotId === entry.slotId).map(asAttempt),
    calls: Math.max(calls.length, entry.providerCalls),
    failures: countBy(calls.filter(hasFailed).map(({ state, errorClass }) => errorClass ?? state)),
    models: [...new Set(calls.flatMap(({ modelReturned }) => modelReturned ?? []))],
    invalid: countBy(steps.flatMap(({ invalidReason }) => invalidReason ?? [])),
    assists: countBy(steps.flatMap(({ assist }) => assist ?? [])),
    extraToolCalls: steps.filter(({ extraToolCalls }) => extraToolCalls > 0).length,
    wallMs: entry.wallMs,
    workingMs: entry.workingMs,
    waitingMs: entry.waitingMs,
    events: events.filter((event) => isDuring(event, entry)).map(({ type }) => type),
  };
}

const asAttempt = ({ episodeId, attempt, outcome, final, errorDetail }: EpisodeEntry) => ({
  episodeId,
  attempt,
  outcome: outcome ?? "running",
  counts: final,
  detail: errorDetail,
});

const hasFailed = ({ state }: ProviderCallRecord): boolean => state === "failed" || state === "lost";

const isDuring = ({ at }: RunEventRecord, { startedAt, endedAt }: EpisodeEntry): boolean =>
  at >= startedAt && at <= (endedAt ?? Infinity);

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names.toSorted()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
