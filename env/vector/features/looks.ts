import { SERVICES } from "../../core/topology.ts";
import type { Layout } from "./layout.ts";

/** What can be looked at in a service. */
export const LOOKS = ["logs", "metrics", "status", "config"] as const;
export const [LOGS, METRICS, STATUS, CONFIG] = [0, 1, 2, 3] as const;

/** Looks of all services. */
export const LOOK_COUNT = LOOKS.length * SERVICES.length;
/** Ticks after which a reading is half as fresh. */
const HALF_LIFE = 8;
const NEVER = -1;

/** When each service was last looked at, in ticks since the page. */
export const newLookTicks = (): Int32Array => new Int32Array(LOOK_COUNT).fill(NEVER);

/** How fresh each reading is, and whether something was changed since. */
export class LookFeatures {
  readonly #first: number;

  constructor(layout: Layout) {
    this.#first = layout.features.length;
    for (const service of SERVICES) {
      for (const look of LOOKS) {
        layout.add(`${look}.${service}.fresh`, 0, 1);
        layout.add(`${look}.${service}.outdated`, 0, 1);
      }
    }
  }

  /**
   * @param tick ticks since the page
   * @param changedAt tick of the last change; negative when there was none
   */
  write(row: Float32Array, lookTicks: Int32Array, tick: number, changedAt: number): void {
    for (let i = 0; i < LOOK_COUNT; i += 1) {
      const at = lookTicks[i] as number;
      row[this.#first + 2 * i] = at === NEVER ? 0 : HALF_LIFE / (HALF_LIFE + tick - at);
      row[this.#first + 2 * i + 1] = at !== NEVER && changedAt >= at ? 1 : 0;
    }
  }
}
