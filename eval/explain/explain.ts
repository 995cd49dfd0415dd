import type { Task } from "../../env/core/task.ts";
import type { Verdict } from "../../env/core/verdict.ts";
import type { EpisodeEntry } from "../../env/store/store.ts";
import { UsageError } from "../errors.ts";
import type { ResultReader } from "../report/reader.ts";
import { checkEpisode } from "../verify/check-episode.ts";
import { storedTasks } from "../verify/stored-tasks.ts";
import type { Problem } from "../verify/problem.ts";
import { reliabilityOf } from "./reliability.ts";
import type { Reliability } from "./reliability.ts";
import { opened } from "./steps.ts";
import type { ExplainedStep, Opened } from "./steps.ts";

/** One episode in six answers. It names the cause, so it is for those who evaluate, never for those who play. */
export interface Explanation {
  readonly entry: EpisodeEntry;
  /** 1. What did it inspect? */
  readonly inspected: readonly ExplainedStep[];
  /** Steps that were no valid action. */
  readonly invalid: readonly ExplainedStep[];
  /** 2. What evidence did it get? */
  readonly evidence: readonly {
    readonly item: string;
    readonly seenAtStep: number | null;
    /** Only what was seen before the first change counts. */
    readonly counts: boolean;
  }[];
  /** 3. Which distractors did it follow? All its changes, right and wrong. */
  readonly changes: readonly (Verdict["changes"][number] & Pick<ExplainedStep, "minutes" | "red">)[];
  /** 4. Was the fix right? */
  readonly fix: {
    /** Whether the cause wants a change at all. */
    readonly wanted: boolean;
    readonly reference: readonly (string | number)[];
    readonly right: boolean;
    readonly mitigated: boolean;
    readonly durable: boolean;
    readonly redAtPage: readonly string[];
    readonly redAtJudgement: readonly string[];
    readonly guardsFailed: readonly string[];
    readonly replaySurvived: boolean | null;
  };
  /** 5. Was the incident resolved? */
  readonly resolution: Pick<Verdict, "ended" | "diagnosis" | "diagnosed" | "resolved" | "success" | "points"> & {
    readonly referenceClose: string;
  };
  /** 6. Did the evaluator run reliably? */
  readonly reliability: Reliability & {
    /** What a replay gives otherwise than it is stored. */
    readonly mismatches: readonly Problem[];
  };
}

/**
 * Explains one attempt by playing its stored actions once more.
 * @throws UsageError when it cannot be replayed, or has no steps
 */
export async function explain(reader: ResultReader, entry: EpisodeEntry): Promise<Explanation> {
  const steps = await reader.steps(entry.episodeId);
  const task = await taskOf(reader, entry);
  const shown = tried(entry, () => opened(entry, steps, task));
  const { verdict, seenAt } = shown;
  return {
    entry,
    inspected: shown.steps.filter(({ kind }) => kind === "observe"),
    invalid: shown.steps.filter(({ kind }) => kind === "invalid"),
    evidence: verdict.evidence.map(({ item, seen_at_step }, i) => ({
      item,
      seenAtStep: seenAt[i] ?? null,
      counts: seen_at_step !== null,
    })),
    changes: changesOf(shown),
    fix: {
      wanted: shown.hasFix,
      reference: shown.reference.fix,
      right: verdict.changes.some(({ right }) => right),
      mitigated: verdict.mitigated,
      durable: verdict.durable,
      redAtPage: verdict.slo_red_at_page,
      redAtJudgement: verdict.slo_red_at_judgement,
      guardsFailed: verdict.guards_failed,
      replaySurvived: verdict.replay_survived,
    },
    resolution: {
      ended: verdict.ended,
      diagnosis: verdict.diagnosis,
      diagnosed: verdict.diagnosed,
      resolved: verdict.resolved,
      success: verdict.success,
      points: verdict.points,
      referenceClose: shown.reference.close,
    },
    reliability: {
      ...(await reliabilityOf(reader, entry, steps)),
      mismatches: checkEpisode(entry, steps, task),
    },
  };
}

const changesOf = ({ steps, verdict }: Opened): Explanation["changes"] =>
  verdict.changes.map((change) => {
    const at = steps.find(({ step }) => step === change.step);
    return { ...change, minutes: at?.minutes ?? 0, red: at?.red ?? [] };
  });

async function taskOf(reader: ResultReader, entry: EpisodeEntry): Promise<Task> {
  const { tasks, problems } = storedTasks(await reader.taskSpecs(entry.runId));
  const task = tasks.get(entry.specHash);
  if (task !== undefined) return task;
  const [problem] = problems;
  throw new UsageError(
    `Episode ${entry.episodeId} cannot be explained: ${problem?.what ?? "its task"}: ${problem?.detail ?? "not stored"}.`,
    "oncall verify",
  );
}

function tried<Result>(entry: EpisodeEntry, replaying: () => Result): Result {
  try {
    return replaying();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(`Episode ${entry.episodeId} cannot be explained: ${error.message}`, "oncall verify");
  }
}
