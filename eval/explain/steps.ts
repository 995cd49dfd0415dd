import { actionDef } from "../../env/core/actions/index.ts";
import { parseAction } from "../../env/core/actions/parse.ts";
import { actionText } from "../../env/core/actions/text.ts";
import { answerTo } from "../../env/core/answer.ts";
import type { Episode } from "../../env/core/episode.ts";
import type { Task } from "../../env/core/task.ts";
import { TICK_SECONDS } from "../../env/core/time.ts";
import type { Verdict } from "../../env/core/verdict.ts";
import type { EpisodeEntry, StepRecord } from "../../env/store/store.ts";
import { replay, stored } from "../verify/replay.ts";

/** One step of an episode, with what it showed and what that was worth. */
export interface ExplainedStep {
  readonly step: number;
  /** Simulated minutes since the page, when the step began. */
  readonly minutes: number;
  /** In text form; what was sent, where it is no action. */
  readonly action: string;
  readonly kind: "observe" | "remediate" | "close" | "invalid";
  /** The environment's sentence. */
  readonly answer: string;
  /** Pieces of evidence that this step showed first, by position. */
  readonly shows: readonly number[];
  /** Objectives missed after it. */
  readonly red: readonly string[];
}

/** An episode played once more with its hidden side open. */
export interface Opened {
  readonly steps: readonly ExplainedStep[];
  /** Of an attempt that was not scored: what its score would look like if it had stopped where it broke off. */
  readonly verdict: Verdict;
  /** For each piece of evidence: the step that showed it, before or after the first change; null: none. */
  readonly seenAt: readonly (number | null)[];
  /** The reference answer; a number is a wait of that many looks. */
  readonly reference: ReturnType<typeof answerTo>;
  readonly hasFix: boolean;
}

/** Stands for the end of an attempt that has none. */
const BROKEN_OFF = "agent_quit";

/** @throws RangeError for a seed at which the task has no sound instance */
export function opened(entry: EpisodeEntry, records: readonly StepRecord[], task: Task): Opened {
  const steps: ExplainedStep[] = [];
  let episode: Episode | null = null;
  let minutes = 0;
  let seenBefore: readonly number[] = [];
  const request = stored(entry, records, task);
  const { verdict } = replay({
    ...request,
    cutBy: entry.scored ? request.cutBy : BROKEN_OFF,
    watch: {
      begin: (begun) => {
        episode = begun;
      },
      before: ({ state, instance, track }) => {
        minutes = ((state.tick - instance.pageTick) * TICK_SECONDS) / 60;
        seenBefore = [...track.seenEver];
      },
      after: ({ track }, { observation }) => {
        const sent = records[steps.length]?.action ?? "";
        steps.push({
          step: track.steps,
          minutes,
          ...described(sent, observation.result.status),
          answer: observation.result.message,
          shows: track.seenEver.flatMap((step, i) => (step > 0 && seenBefore[i] === 0 ? [i] : [])),
          red: observation.slo.filter(({ ok }) => !ok).map(({ name }) => name),
        });
      },
    },
  });
  if (episode === null || verdict === null) throw new RangeError("Its stored steps do not reach the end.");
  const { instance, track } = episode as Episode;
  return {
    steps,
    verdict,
    seenAt: track.seenEver.map((step) => (step > 0 ? step : null)),
    reference: answerTo(instance.sibling, instance.names),
    hasFix: instance.sibling.answer === "fix",
  };
}

function described(sent: unknown, status: string): Pick<ExplainedStep, "action" | "kind"> {
  const parsed = parseAction(sent);
  if (!parsed.ok) return { action: typeof sent === "string" ? sent : JSON.stringify(sent), kind: "invalid" };
  const kind = status === "invalid" ? "invalid" : actionDef(parsed.action.type).kind;
  return { action: actionText(parsed.action), kind };
}
