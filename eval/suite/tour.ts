import type { Agent, Turn } from "../../agents/agent.ts";
import { SERVICES } from "../../env/core/topology.ts";

const LOOKS = ["inspect_metrics", "inspect_logs", "inspect_config", "check_status"] as const;
const EVERYTHING = LOOKS.flatMap((look) => SERVICES.map((service) => `${look}(${service})`));
/** No multiple of it is a multiple of the number of looks, so that a few starts cover everything. */
const STRIDE = 7;

/**
 * Looks at everything in turn until the step budget ends, changing nothing: its trajectory holds all that a task
 * shows. Where to start differs by seed, as the smallest budget is smaller than the tour.
 */
export class TourAgent implements Agent {
  #next: number;

  constructor(seed: number) {
    this.#next = (seed * STRIDE) % EVERYTHING.length;
  }

  begin(): void {}

  act(): Promise<Turn> {
    const action = EVERYTHING[this.#next % EVERYTHING.length];
    this.#next += 1;
    return Promise.resolve({ action });
  }
}
