import type { SloReading } from "../../env/contract/index.ts";
import type { Step } from "./steps.ts";

/** Green looks before the panel is believed. */
const GREEN_LOOKS = 2;
/** Looks without improvement after which a change is given up; the panel itself looks back four ticks. */
const PATIENCE = 4;
const IMPROVEMENT = 0.95;

type Recovery = "recovered" | "unclear" | "failed";

/** Follows the panel after a change. */
export class Watch {
  readonly #looks: readonly Step[];
  #count = 0;
  #green = 0;
  #best = Number.POSITIVE_INFINITY;
  #sinceBest = 0;

  /** @param looks what to look at meanwhile, in turn */
  constructor(looks: readonly Step[]) {
    this.#looks = looks;
  }

  judge(panel: readonly SloReading[]): Recovery {
    const distance = distanceOf(panel);
    this.#green = distance === 0 ? this.#green + 1 : 0;
    if (this.#green > GREEN_LOOKS) return "recovered";
    const better = distance < this.#best * IMPROVEMENT;
    this.#sinceBest = better || distance === 0 ? 0 : this.#sinceBest + 1;
    this.#best = Math.min(this.#best, distance);
    return this.#sinceBest > PATIENCE ? "failed" : "unclear";
  }

  nextLook(): Step {
    const look = this.#looks[this.#count % this.#looks.length] as Step;
    this.#count += 1;
    return look;
  }
}

/** How far the missed objectives are from being met, as a sum of relative distances; 0 is all green. */
function distanceOf(panel: readonly SloReading[]): number {
  return panel
    .filter(({ ok }) => !ok)
    .reduce((sum, { current, objective }) => sum + Math.abs(current - objective) / objective, 0);
}
