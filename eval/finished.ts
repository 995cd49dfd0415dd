import type { Remains } from "../agents/agent.ts";
import { ProviderError } from "../agents/llm/errors.ts";
import { sha256 } from "../env/store/canonical.ts";
import type { FinishedEpisode, Outcome } from "../env/store/store.ts";
import type { BrokenEpisode, PlayedEpisode } from "./episode.ts";
import type { CallTotals } from "./provider/totals.ts";
import { measured } from "./verify/measured.ts";

/** What an episode's record is made of besides what was played. */
export interface Around {
  readonly episodeId: string;
  /** Null where no model was called by us. */
  readonly totals: CallTotals | null;
  /** Null unless an outside program played. */
  readonly remains: Remains | null;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The record of an episode that measured something. */
export function scoredEpisode(played: PlayedEpisode, around: Around): FinishedEpisode {
  const columns = measured(played.verdict);
  const program = around.remains === null ? {} : { program: around.remains.facts };
  return {
    ...columns,
    outcome: played.verdict.success ? "success" : "failure",
    metrics: { ...columns.metrics, ...program },
    ...spent(around, played.wallMs),
    episodeId: around.episodeId,
    trajectorySha256: played.trajectorySha256,
    endedAt: around.at,
    steps: played.steps,
  };
}

/** The record of an episode that measured nothing: what was played of it, and why it ended. */
export function unscoredEpisode(broken: BrokenEpisode, outcome: Outcome, around: Around): FinishedEpisode {
  const { error, steps, wallMs } = broken;
  const detail = error instanceof Error ? error.message : String(error);
  const count = (test: (step: (typeof steps)[number]) => boolean): number => steps.filter(test).length;
  return {
    episodeId: around.episodeId,
    outcome,
    errorClass: error instanceof ProviderError ? error.class : outcome,
    errorDetail: detail.toWellFormed().slice(0, LONGEST_DETAIL),
    invalidActions: count(({ valid }) => !valid),
    repeatedActions: 0,
    changes: 0,
    wrongChanges: 0,
    distractorChanges: 0,
    ...spent(around, wallMs),
    endedAt: around.at,
    steps,
  };
}

const LONGEST_DETAIL = 500;

/** An episode that called no model. */
const NO_CALLS: CallTotals = {
  providerCalls: 0,
  providerFailures: 0,
  inputTokens: null,
  cachedTokens: null,
  outputTokens: null,
  reasoningTokens: null,
  costUusd: null,
  costComplete: true,
  waitingMs: 0,
};

/** Calls, tokens, cost and the three clocks. A program's own figures are its word, and nobody checks them. */
function spent({ totals, remains }: Around, wallMs: number) {
  const calls = totals ?? NO_CALLS;
  const waitingMs = Math.min(wallMs, Math.round(calls.waitingMs ?? 0));
  const told = remains === null ? {} : toldBy(remains);
  return { ...calls, ...told, wallMs, waitingMs, workingMs: wallMs - waitingMs };
}

const toldBy = ({ inputTokens, outputTokens, costUusd, stdout, stderr }: Remains) => ({
  inputTokens,
  outputTokens,
  costUusd,
  costComplete: costUusd !== null,
  logSha256: sha256(programLog({ stdout, stderr })),
});

/** What a program printed, as the file that is kept of it. */
export const programLog = ({ stdout, stderr }: Pick<Remains, "stdout" | "stderr">): string =>
  `--- stdout ---\n${stdout}\n--- stderr ---\n${stderr}\n`.toWellFormed();
