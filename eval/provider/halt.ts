import type { Outcome } from "../../env/store/store.ts";

/** Episodes in a row that an endpoint may fail. */
const IN_A_ROW = 3;

/** Finished slots from which the share of failed ones means anything. */
const ENOUGH_SLOTS = 8;

/** Default of `--max-provider-error-rate`. */
export const MAX_PROVIDER_ERROR_RATE = 0.25;

/** An episode that has ended, as far as halting cares. */
export interface EndedEpisode {
  readonly endpointKey: string;
  readonly outcome: Outcome;
  /** The error that ended it, when a provider's did. */
  readonly error: { readonly fatal: boolean; readonly message: string } | null;
}

/** An endpoint that nothing more is sent to. The run may go on with others, and be resumed. */
export interface Halt {
  readonly endpointKey: string;
  readonly reason: "fatal" | "in_a_row" | "error_rate";
  /** For people. */
  readonly detail: string;
}

/**
 * Decides when an endpoint is given up: at once after an error that only a person can mend, after three episodes in a
 * row that the provider failed, or when too large a share of its episodes has failed. A run that halts exits with 5.
 */
export class HaltRule {
  readonly #maxErrorRate: number;
  readonly #endpoints = new Map<string, { finished: number; failed: number; inARow: number }>();
  readonly #halts = new Map<string, Halt>();

  constructor(maxErrorRate: number = MAX_PROVIDER_ERROR_RATE) {
    this.#maxErrorRate = maxErrorRate;
  }

  /** Takes note of an episode. Returns the halt of its endpoint if this episode brought it about. */
  episodeEnded({ endpointKey, outcome, error }: EndedEpisode): Halt | null {
    if (!COUNTED.has(outcome)) return null;
    const counts = this.#endpoints.get(endpointKey) ?? { finished: 0, failed: 0, inARow: 0 };
    this.#endpoints.set(endpointKey, counts);
    const hasFailed = outcome === "provider_error";
    counts.finished += 1;
    counts.failed += hasFailed ? 1 : 0;
    counts.inARow = hasFailed ? counts.inARow + 1 : 0;
    if (!hasFailed || this.#halts.has(endpointKey)) return null;
    return this.#halted(endpointKey, counts, error);
  }

  /** Why nothing more is sent to an endpoint; null while it may be called. */
  haltOf(endpointKey: string): Halt | null {
    return this.#halts.get(endpointKey) ?? null;
  }

  /** All halts so far; none means that the run was not halted. */
  get halts(): readonly Halt[] {
    return [...this.#halts.values()];
  }

  #halted(
    endpointKey: string,
    { finished, failed, inARow }: { finished: number; failed: number; inARow: number },
    error: EndedEpisode["error"],
  ): Halt | null {
    const last = error === null ? "" : ` ${error.message}`;
    const halt = (reason: Halt["reason"], detail: string): Halt => {
      const made = { endpointKey, reason, detail };
      this.#halts.set(endpointKey, made);
      return made;
    };
    if (error?.fatal === true) return halt("fatal", error.message);
    if (inARow >= IN_A_ROW) return halt("in_a_row", `The provider failed ${inARow} episodes in a row.${last}`);
    if (finished < ENOUGH_SLOTS || failed / finished <= this.#maxErrorRate) return null;
    return halt("error_rate", `The provider failed ${failed} of ${finished} episodes.${last}`);
  }
}

/** Outcomes that tell about a provider; a stopped or broken episode does not. */
const COUNTED = new Set<Outcome>(["success", "failure", "provider_error"]);
