import type { Observation, Rng } from "../env/contract/index.ts";
import { sampleAction } from "../env/contract/sample.ts";
import type { Agent, AgentContext, Turn } from "./agent.ts";

/** The lower anchor: actions drawn from the catalogue's schemas. */
export class RandomAgent implements Agent {
  #rng: Rng = () => 0;

  begin({ rng }: AgentContext): void {
    this.#rng = rng;
  }

  act(_observation: Observation): Promise<Turn> {
    return Promise.resolve({ action: sampleAction(this.#rng) });
  }
}
