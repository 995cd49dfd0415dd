import type { Observation } from "../../env/contract/index.ts";
import { vectorSpec } from "../../env/vector/index.ts";
import { actionJson, ACTIONS } from "../../env/vector/actions/table.ts";
import { Mask } from "../../env/vector/actions/mask.ts";
import { Observer } from "../../env/vector/features/observer.ts";
import { layoutOf } from "./layout.ts";

/** How a policy reads the tables of this environment version. */
export const layout = layoutOf(vectorSpec);

/** Where a row is read from: features, and a mask of the table's actions. */
export interface RowSource {
  readonly observations: Float32Array;
  readonly masks: Uint8Array;
}

/** What one agent saw in its episode, as a policy reads it: made of its observations alone. */
export class Sight {
  readonly #observer = new Observer();
  readonly #mask = new Mask();
  #isPage = true;

  /** An episode begins. */
  begin(): void {
    this.#isPage = true;
  }

  /** @returns features and mask; they stay valid until the next call */
  see(observation: Observation): RowSource {
    const observer = this.#observer;
    if (this.#isPage) observer.begin(observation);
    else observer.see(observation);
    this.#isPage = false;
    return {
      observations: observer.row,
      masks: this.#mask.bytes(observer.shown, observation.changes_left),
    };
  }

  /** The JSON form of an action of the table, as it is valid now. */
  actionJson(action: number): unknown {
    return actionJson(ACTIONS[action] as (typeof ACTIONS)[number], this.#observer.shown);
  }
}
