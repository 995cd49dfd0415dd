import { ACTION_TYPES, actionDef } from "../../core/actions/index.ts";
import type { ActionType } from "../../core/actions/index.ts";
import { SETTLE_TICKS } from "../../core/actions/resolve-incident.ts";
import type { ActionResult } from "../../core/observation.ts";
import { OBJECTIVES } from "../../core/slo.ts";
import { BUDGETS } from "../../core/task.ts";
import { TICK_SECONDS } from "../../core/time.ts";
import { clamp, log2, share } from "./scale.ts";
import type { Layout } from "./layout.ts";

const STATUSES: readonly ActionResult["status"][] = ["ok", "invalid", "closed"];

/** Error budget use that counts as the worst. */
const WORST_BURN = 10; // doublings
const MOST_STEPS = Math.max(...Object.values(BUDGETS).map(({ steps }) => steps));
const MOST_CHANGES = Math.max(...Object.values(BUDGETS).map(({ changes }) => changes));
/** Seconds of an episode that uses every step and change, and of its judgement. */
const LONGEST_S = TICK_SECONDS * (MOST_STEPS + (actionDef("update_config").ticks - 1) * MOST_CHANGES + SETTLE_TICKS);

/** Features of each objective. */
const SLO_FEATURES = ["ok", "burn", "burn_before", "paged"] as const;
const [OK, BURN, BEFORE, PAGED] = [0, 1, 2, 3] as const;

/** The pager's panel, the budgets, and what came of the last action. */
export class PanelFeatures {
  readonly #slo: number;
  readonly #stepsLeft: number;
  readonly #changesLeft: number;
  readonly #elapsed: number;
  readonly #status: number;
  readonly #action: number;

  constructor(layout: Layout) {
    this.#slo = layout.features.length;
    for (const { name } of OBJECTIVES) for (const of of SLO_FEATURES) layout.add(`slo.${name}.${of}`, 0, 1);
    this.#stepsLeft = layout.add("steps_left", 0, 1);
    this.#changesLeft = layout.add("changes_left", 0, 1);
    this.#elapsed = layout.add("elapsed", 0, 1);
    this.#status = layout.features.length;
    for (const status of STATUSES) layout.add(`result.${status}`, 0, 1);
    this.#action = layout.features.length;
    for (const type of ACTION_TYPES) layout.add(`last_action.${type}`, 0, 1);
  }

  /**
   * @param current what the panel shows, in the objective's unit
   * @param isPage whether this is the page itself
   */
  writeObjective(row: Float32Array, slo: number, current: number, ok: boolean, isPage: boolean): void {
    const at = this.#slo + SLO_FEATURES.length * slo;
    const burn = clamp(log2(1 + burnOf(slo, current)) / WORST_BURN, 0, 1);
    row[at + BEFORE] = isPage ? burn : (row[at + BURN] as number);
    row[at + OK] = ok ? 1 : 0;
    row[at + BURN] = burn;
    if (isPage) row[at + PAGED] = ok ? 0 : 1;
  }

  writeTurn(row: Float32Array, turn: Turn): void {
    row[this.#stepsLeft] = share(turn.stepsLeft, MOST_STEPS);
    row[this.#changesLeft] = share(turn.changesLeft, MOST_CHANGES);
    row[this.#elapsed] = share(turn.elapsedSeconds, LONGEST_S);
    for (let i = 0; i < STATUSES.length; i += 1) {
      row[this.#status + i] = !turn.isPage && STATUSES[i] === turn.status ? 1 : 0;
    }
    for (let i = 0; i < ACTION_TYPES.length; i += 1) row[this.#action + i] = ACTION_TYPES[i] === turn.action ? 1 : 0;
  }
}

/** What every observation says besides its panel and its data. */
export interface Turn {
  readonly isPage: boolean;
  readonly stepsLeft: number;
  readonly changesLeft: number;
  readonly elapsedSeconds: number;
  readonly status: ActionResult["status"];
  /** Null when nothing was understood, and on the page. */
  readonly action: ActionType | null;
}

/** Use of the error budget: 1 exactly at the objective. */
function burnOf(slo: number, current: number): number {
  const { direction, objective } = OBJECTIVES[slo] as (typeof OBJECTIVES)[number];
  const used = direction === "at_least" ? (1 - current) / (1 - objective) : current / objective;
  return used > 0 ? used : 0;
}
