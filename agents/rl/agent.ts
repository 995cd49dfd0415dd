import type { Observation } from "../../env/contract/index.ts";
import { vectorSpec } from "../../env/vector/index.ts";
import { actionJson, ACTIONS } from "../../env/vector/actions/table.ts";
import { Mask } from "../../env/vector/actions/mask.ts";
import { Observer } from "../../env/vector/features/observer.ts";
import type { Agent, AgentContext, Turn } from "../agent.ts";
import { likeliestCell } from "./choose.ts";
import { layoutOf } from "./layout.ts";
import type { Policy, PolicyState } from "./policy.ts";
import { newRows, writeRow } from "./rows.ts";

/** How a policy reads the tables of this environment version. */
export const layout = layoutOf(vectorSpec);

/** Plays what a trained policy finds likeliest. It sees observations alone, and makes its features of them. */
export class RlAgent implements Agent {
  readonly #policy: () => Promise<Policy>;
  readonly #observer = new Observer();
  readonly #mask = new Mask();
  readonly #rows = newRows(layout, 1);
  #isPage = true;

  /** @param policy may be shared by agents; it is asked for at every turn */
  constructor(policy: () => Promise<Policy>) {
    this.#policy = policy;
  }

  begin(_context: AgentContext): void {
    this.#isPage = true;
  }

  async act(observation: Observation): Promise<Turn> {
    const observer = this.#observer;
    if (this.#isPage) observer.begin(observation);
    else observer.see(observation);
    this.#isPage = false;
    const source = {
      observations: observer.row,
      masks: this.#mask.bytes(observer.shown, observation.changes_left),
    };
    writeRow(layout, this.#rows, 0, source, { observation: 0, mask: 0 });
    const { logits } = (await this.#policy()).forward(this.#rows);
    const cell = likeliestCell(logits, this.#rows.masks, 0, layout.cells);
    const action = ACTIONS[layout.actionOf[cell] as number] as (typeof ACTIONS)[number];
    return { action: actionJson(action, observer.shown) };
  }
}

/** A policy that is opened when it is first needed, and only then is the library loaded. */
export function lazily(state: PolicyState): () => Promise<Policy> {
  let opened: Promise<Policy> | null = null;
  const open = async (): Promise<Policy> => (await import("./policy.ts")).openPolicy(layout, state);
  return () => (opened ??= open());
}
