import type { QueueStats } from "../env/store/queue.ts";
import type { Attempted } from "./attempt.ts";
import type { Hold } from "./hold.ts";
import type { Plan, PlannedSlot } from "./plan.ts";
import type { BudgetStop } from "./provider/budget.ts";
import type { EpisodeEvent, RunSummary, StoppedVariants } from "./run.ts";
import type { Stops } from "./stops.ts";

export interface StandingOptions {
  readonly plan: Plan;
  readonly stops: Stops;
  readonly hold: Hold;
  /** Slots that ended in an earlier sitting. */
  readonly doneBefore: readonly string[];
  readonly onEpisode: ((event: EpisodeEvent) => void) | undefined;
}

/** What has come of a run in this sitting. */
export class Standing {
  readonly #options: StandingOptions;
  readonly #done: Set<string>;
  /** Slots that a provider spoilt the last time they were played. */
  readonly #spoilt = new Set<string>();
  readonly #stopped: StoppedVariants[] = [];
  #budgetStop: BudgetStop | null = null;
  #errors = 0;

  constructor(options: StandingOptions) {
    this.#options = options;
    this.#done = new Set(options.doneBefore);
  }

  ended(slot: PlannedSlot, { episode, error }: Pick<Attempted, "episode" | "error">): void {
    const { plan, onEpisode } = this.#options;
    const { outcome, score, errorDetail, inputTokens, outputTokens, costUusd } = episode;
    const counts = [inputTokens, outputTokens].flatMap((tokens) => tokens ?? []);
    this.#done.add(slot.slotId);
    if (outcome === "provider_error") this.#spoilt.add(slot.slotId);
    else this.#spoilt.delete(slot.slotId);
    if (outcome === "harness_error") this.#errors += 1;
    onEpisode?.({
      slot,
      outcome,
      score: score ?? null,
      tokens: counts.length === 0 ? null : counts.reduce((a, b) => a + b),
      costUusd: costUusd ?? null,
      done: this.#done.size,
      planned: plan.slots.length,
      error: errorDetail ?? null,
      stack: outcome === "harness_error" && error instanceof Error ? (error.stack ?? null) : null,
    });
  }

  halted(stopped: StoppedVariants): void {
    this.#stopped.push(stopped);
  }

  /** True the first time. */
  overBudget(stop: BudgetStop): boolean {
    const isNews = this.#budgetStop === null;
    this.#budgetStop ??= stop;
    return isNews;
  }

  get spoilt(): readonly string[] {
    return [...this.#spoilt];
  }

  /** @param left slots of the run by state, now that nothing is played any more */
  summary(left: QueueStats): RunSummary {
    const { plan } = this.#options;
    return {
      runId: plan.runId,
      status: this.#status(left),
      done: left.scored + left.unscored,
      planned: left.scored + left.unscored + left.pending + left.running,
      errors: this.#errors,
      unscored: left.unscored,
      stopped: this.#stopped,
      budget: this.#budgetStop,
    };
  }

  #status({ pending, running, unscored }: QueueStats): RunSummary["status"] {
    const { stops, hold } = this.#options;
    if (hold.isLost) return "taken_over";
    if (this.#errors > 0) return "failed";
    if (stops.isWanted && pending + running + unscored > 0) return "paused";
    if (this.#stopped.length > 0) return "halted";
    return this.#budgetStop === null ? "complete" : "budget_stopped";
  }
}
