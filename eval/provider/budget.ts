import type { FinishedEpisode } from "../../env/store/store.ts";
import { UsageError } from "../errors.ts";
import type { NamedModel } from "./config.ts";
import { priceAt } from "./price.ts";
import type { PriceEntry } from "./price.ts";
import type { CountedAttempt } from "./totals.ts";

/** What a run may use; an absent bound does not bind. */
export interface Budget {
  /** Millionths of a US dollar. */
  readonly costUusd?: number | undefined;
  readonly calls?: number | undefined;
  /** Input and output together. */
  readonly tokens?: number | undefined;
}

const MEASURES = ["costUusd", "calls", "tokens"] as const satisfies readonly (keyof Budget)[];
type Measure = (typeof MEASURES)[number];
type Used = Readonly<Record<Measure, number>>;

/** A bound that the next episode is not expected to keep. */
export interface BudgetStop {
  readonly measure: Measure;
  readonly most: number;
  readonly used: number;
  /** What the episodes that run and the next one are expected to use on top of what ended ones have. */
  readonly expected: number;
}

/** What an episode used, as its record has it. */
export type EpisodeUse = Pick<FinishedEpisode, "providerCalls" | "inputTokens" | "outputTokens" | "costUusd">;

/** For people. */
export function budgetText({ measure, most, used, expected }: BudgetStop): string {
  const [unit, scale] = UNITS[measure];
  const shown = (value: number): string => `${Math.round(value * scale * 10_000) / 10_000}`;
  return `The budget of ${shown(most)} ${unit} holds no further episode: ${shown(used)} used, about ${shown(expected)} more expected.`;
}

const UNITS: Readonly<Record<Measure, readonly [unit: string, scale: number]>> = {
  costUusd: ["US dollars", 1e-6],
  calls: ["calls", 1],
  tokens: ["tokens", 1],
};

const NOTHING: Used = { costUusd: 0, calls: 0, tokens: 0 };

/**
 * Decides before each episode whether it still fits: an episode is expected to use what three of four have used at
 * most so far. The first ones are played in any case, as nothing is known of them.
 */
export class BudgetRule {
  readonly #budget: Budget;
  readonly #ended: Used[] = [];
  #running = 0;
  #sent = NOTHING;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Which bound the next episode would break; null while it fits. */
  stopBeforeNext(): BudgetStop | null {
    for (const measure of MEASURES) {
      const most = this.#budget[measure];
      const used = this.#ended.reduce((sum, episode) => sum + episode[measure], 0);
      const expected = (this.#running + 1) * percentile75(this.#ended.map((episode) => episode[measure]));
      if (most !== undefined && (used + expected > most || used >= most)) return { measure, most, used, expected };
    }
    return null;
  }

  episodeStarted(): void {
    this.#running += 1;
  }

  episodeEnded(totals: EpisodeUse): void {
    this.#running -= 1;
    this.#ended.push(useOf(totals));
  }

  /** Takes note of an episode of an earlier sitting. */
  remember(totals: EpisodeUse): void {
    const used = useOf(totals);
    this.#ended.push(used);
    this.#sent = both(this.#sent, used);
  }

  /** Takes note of a call as it ends, also within an episode that runs. */
  callEnded({ usage, costUusd }: Pick<CountedAttempt, "usage" | "costUusd">): void {
    const tokens = usage === null ? 0 : usage.inputTokens + usage.outputTokens;
    this.#sent = both(this.#sent, { costUusd: costUusd ?? 0, calls: 1, tokens });
  }

  /** Whether some bound is used up by what was sent so far: for those who let an episode be cut. */
  get isUsedUp(): boolean {
    return MEASURES.some((measure) => this.#sent[measure] >= (this.#budget[measure] ?? Infinity));
  }
}

/**
 * A bound on money means nothing for a model without a price.
 * @param now epoch milliseconds
 * @throws UsageError naming the models
 */
export function assertPriced(
  budget: Budget,
  models: readonly NamedModel[],
  prices: readonly PriceEntry[],
  now: number,
) {
  if (budget.costUusd === undefined) return;
  const unpriced = models.filter(({ entry }) => priceAt(prices, entry.model, now) === null).map(({ name }) => name);
  if (unpriced.length === 0) return;
  throw new UsageError(
    `A bound on cost needs a price for ${unpriced.join(", ")}. Add it to prices in the configuration; 0 is a price.`,
  );
}

const useOf = ({ providerCalls, inputTokens, outputTokens, costUusd }: EpisodeUse): Used => ({
  costUusd: costUusd ?? 0,
  calls: providerCalls,
  tokens: (inputTokens ?? 0) + (outputTokens ?? 0),
});

const both = (one: Used, other: Used): Used => ({
  costUusd: one.costUusd + other.costUusd,
  calls: one.calls + other.calls,
  tokens: one.tokens + other.tokens,
});

/** The nearest rank; 0 for none. */
function percentile75(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.75) - 1] ?? 0;
}
