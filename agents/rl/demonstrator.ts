import { parseAction } from "../../env/contract/index.ts";
import type { Action, Observation } from "../../env/contract/index.ts";
import { ACTIONS } from "../../env/vector/actions/table.ts";
import type { Agent, AgentContext, Turn } from "../agent.ts";
import { newRows, writeRow } from "./rows.ts";
import type { PolicyRows } from "./rows.ts";
import { layout, Sight } from "./sight.ts";
import type { RowSource } from "./sight.ts";

/** One step of a demonstration: a single row, and the cell of the action that was taken. */
export interface ShownStep {
  readonly row: PolicyRows;
  readonly taken: number;
}

/**
 * Lets another agent play, in actions of the table, and writes down what a policy would have seen and should have done.
 * A value that the table lacks becomes the nearest that it has; an action that has no like there is played unrecorded.
 */
export class Demonstrator implements Agent {
  readonly #agent: Agent;
  readonly #sight = new Sight();
  #steps: (ShownStep | null)[] = [];

  constructor(agent: Agent) {
    this.#agent = agent;
  }

  /** The steps of the episode; null for those that were not recorded. */
  get steps(): readonly (ShownStep | null)[] {
    return this.#steps;
  }

  begin(context: AgentContext): void {
    this.#agent.begin(context);
    this.#sight.begin();
    this.#steps = [];
  }

  async act(observation: Observation, signal: AbortSignal): Promise<Turn> {
    const source = this.#sight.see(observation);
    const turn = await this.#agent.act(observation, signal);
    const index = this.#nearest(turn.action, source);
    if (index === null) {
      this.#steps.push(null);
      return turn;
    }
    const row = newRows(layout, 1);
    writeRow(layout, row, 0, source, { observation: 0, mask: 0 });
    this.#steps.push({ row, taken: layout.cellOf[index] as number });
    return { action: this.#sight.actionJson(index) };
  }

  #nearest(given: unknown, source: RowSource): number | null {
    const parsed = parseAction(given);
    if (!parsed.ok) return null;
    const wanted: Action = parsed.action;
    let [best, least] = [-1, Infinity];
    for (const { index, type } of ACTIONS) {
      if (type !== wanted.type || !isAllowed(source, index)) continue;
      const distance = distanceBetween(wanted, this.#sight.actionJson(index) as Action);
      if (distance < least) [best, least] = [index, distance];
    }
    return best < 0 ? null : best;
  }
}

const isAllowed = ({ masks }: RowSource, action: number): boolean =>
  (((masks[action >> 3] as number) >> (action & 7)) & 1) === 1;

/** 0 for equals, doublings for values of one key; infinite for what cannot stand for one another. */
function distanceBetween(wanted: Action, offered: Action): number {
  if (wanted.type === "escalate")
    return offered.type === "escalate" && saysAlike(wanted.reason, offered.reason) ? 0 : Infinity;
  const [one, other] = [withoutValue(wanted), withoutValue(offered)];
  if (one !== other) return Infinity;
  if (wanted.type !== "update_config" || offered.type !== "update_config") return 0;
  if (wanted.value === offered.value) return 0;
  if (typeof wanted.value !== "number" || typeof offered.value !== "number") return Infinity;
  return Math.abs(Math.log2((1 + wanted.value) / (1 + offered.value)));
}

/** Whether what is offered names a provider that is wanted: its last word. */
const saysAlike = (wanted: string, offered: string): boolean => wanted.includes(offered.split(" ").at(-1) as string);

const withoutValue = (action: Action): string => {
  const { value: _, summary: __, ...rest } = action as Action & { value?: unknown; summary?: unknown };
  return JSON.stringify(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)));
};
