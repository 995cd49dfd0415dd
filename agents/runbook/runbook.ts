import type { Observation } from "../../env/contract/index.ts";
import type { Agent, AgentContext, Turn } from "../agent.ts";
import { Response } from "./response.ts";

/**
 * The baseline in the middle: an on-call engineer's runbook, written by someone who knows how such services behave and
 * has seen none of these incidents. Rules over observations; no answers, no model, no chance. It holds what teams
 * write down first (what is down, full, exhausted, expired or was made too small), not a rule for every key.
 */
export class RunbookAgent implements Agent {
  #response = new Response();

  begin(_context: AgentContext): void {
    this.#response = new Response();
  }

  act(observation: Observation): Promise<Turn> {
    return Promise.resolve({ action: this.#response.next(observation) });
  }
}
