import { isScored } from "../../../env/store/episode-records.ts";
import { dollars } from "../../report/use.ts";
import { printableLine } from "../output.ts";
import type { EpisodeEvent } from "../../run.ts";

/** What has come of a variant's episodes in this sitting. */
export class Tally {
  #ended = 0;
  #scored = 0;
  #successes = 0;
  #score = 0;
  #tokens = 0;
  #costUusd = 0;

  add({ outcome, score, tokens, costUusd }: EpisodeEvent): void {
    this.#ended += 1;
    this.#tokens += tokens ?? 0;
    this.#costUusd += costUusd ?? 0;
    if (!isScored(outcome)) return;
    this.#scored += 1;
    this.#successes += outcome === "success" ? 1 : 0;
    this.#score += score ?? 0;
  }

  get ended(): number {
    return this.#ended;
  }

  /** `success 12/20, score 0.61, 1 unscored, 12 k tokens, $0.04` */
  get text(): string {
    const unscored = this.#ended - this.#scored;
    return [
      `success ${this.#successes}/${this.#scored}`,
      ...(this.#scored === 0 ? [] : [`score ${(this.#score / this.#scored).toFixed(2)}`]),
      ...(unscored === 0 ? [] : [`${unscored} unscored`]),
      ...(this.#tokens === 0 ? [] : [`${Math.ceil(this.#tokens / 1000)} k tokens`]),
      ...(this.#costUusd === 0 ? [] : [dollars(this.#costUusd) ?? ""]),
    ].join(", ");
  }
}

/** The tallies of a run by variant, and the pace of each. */
export class Tallies {
  readonly #byLabel = new Map<string, Tally>();
  readonly #planned = new Map<string, number>();
  readonly #beganAt = performance.now();

  /** @param left slots that are to be played in this sitting, by label */
  expect(left: ReadonlyMap<string, number>): void {
    for (const [label, count] of left) this.#planned.set(label, count);
  }

  add(event: EpisodeEvent): void {
    this.of(event.slot.variant.label).add(event);
  }

  of(label: string): Tally {
    const known = this.#byLabel.get(label) ?? new Tally();
    this.#byLabel.set(label, known);
    return known;
  }

  /** `, ETA 12 s`: of the variant that takes longest; nothing while one of them has not ended an episode. */
  get etaText(): string {
    const elapsed = (performance.now() - this.#beganAt) / 1000;
    const etas = [...this.#planned].map(([label, planned]) => {
      const { ended } = this.of(label);
      return planned <= ended ? 0 : (elapsed / ended) * (planned - ended);
    });
    const seconds = Math.max(0, ...etas);
    if (seconds === 0 || !Number.isFinite(seconds)) return "";
    return seconds < 120 ? `, ETA ${Math.ceil(seconds)} s` : `, ETA ${Math.ceil(seconds / 60)} min`;
  }

  get text(): string {
    return [...this.#byLabel].map(([label, tally]) => `${printableLine(label)} ${tally.text}`).join(" | ");
  }
}
