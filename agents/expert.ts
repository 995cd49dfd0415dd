import type { Observation } from "../env/contract/index.ts";
import type { Agent, AgentContext, Reference, Turn } from "./agent.ts";

/** Steps kept back for closing. */
const RESERVED_STEPS = 1;
/** Green panels in a row after which the incident is over: one may be a swing. */
const LEAST_GREEN_LOOKS = 2;

/**
 * The upper anchor: looks at the reference evidence, applies the reference fix, looks on until the panel is green, and
 * closes with the reference diagnosis. The harness gives it the answer; it holds none itself.
 */
export class ExpertAgent implements Agent {
  #reference: Reference | null = null;
  #script: string[] = [];
  #looksAfter = 0;
  #greenLooks = 0;

  begin({ reference }: AgentContext): void {
    if (reference === undefined) throw new TypeError("The expert needs a reference; only the harness can give it one.");
    this.#reference = reference;
    this.#looksAfter = 0;
    this.#greenLooks = 0;
    this.#script = [
      ...reference.looks,
      ...reference.fix.flatMap((step) =>
        typeof step === "string" ? [step] : Array.from({ length: step }, () => reference.verify),
      ),
    ];
  }

  act(observation: Observation): Promise<Turn> {
    return Promise.resolve({ action: this.#next(this.#reference as Reference, observation) });
  }

  #next(reference: Reference, observation: Observation): string {
    const scripted = this.#script.shift();
    if (scripted !== undefined) return scripted;
    this.#greenLooks = observation.slo.every(({ ok }) => ok) ? this.#greenLooks + 1 : 0;
    const isOver = this.#greenLooks >= LEAST_GREEN_LOOKS || observation.steps_left <= RESERVED_STEPS;
    if (reference.fix.length === 0 || (this.#looksAfter > 0 && isOver)) return reference.close;
    this.#looksAfter += 1;
    return reference.verify;
  }
}
