import type { Observation } from "../../env/contract/index.ts";
import type { Agent, AgentContext, Turn } from "../agent.ts";
import { likeliestCell } from "./choose.ts";
import type { Policy, PolicyState } from "./policy.ts";
import { newRows, writeRow } from "./rows.ts";
import { layout, Sight } from "./sight.ts";

/** Plays what a trained policy finds likeliest. It sees observations alone, and makes its features of them. */
export class RlAgent implements Agent {
  readonly #policy: () => Promise<Policy>;
  readonly #sight = new Sight();
  readonly #rows = newRows(layout, 1);

  /** @param policy may be shared by agents; it is asked for at every turn */
  constructor(policy: () => Promise<Policy>) {
    this.#policy = policy;
  }

  begin(_context: AgentContext): void {
    this.#sight.begin();
  }

  async act(observation: Observation): Promise<Turn> {
    const source = this.#sight.see(observation);
    writeRow(layout, this.#rows, 0, source, { observation: 0, mask: 0 });
    const { logits } = (await this.#policy()).forward(this.#rows);
    const cell = likeliestCell(logits, this.#rows.masks, 0, layout.cells);
    return { action: this.#sight.actionJson(layout.actionOf[cell] as number) };
  }
}

/** A policy that is opened when it is first needed, and only then is the library loaded. */
export function lazily(state: PolicyState): () => Promise<Policy> {
  let opened: Promise<Policy> | null = null;
  const open = async (): Promise<Policy> => (await import("./policy.ts")).openPolicy(layout, state);
  return () => (opened ??= open());
}
