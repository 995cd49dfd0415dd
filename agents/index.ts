import type { Agent } from "./agent.ts";
import { ExpertAgent } from "./expert.ts";
import { RandomAgent } from "./random.ts";
import { RunbookAgent } from "./runbook/runbook.ts";

/** An agent that ships: how to make one, and what the harness must know of it. */
export interface AgentKind {
  readonly name: string;
  readonly kind: "random" | "runbook" | "expert";
  readonly summary: string;
  /** Whether the harness hands it the answer. */
  readonly needsReference: boolean;
  readonly create: () => Agent;
}

export const agentKinds: readonly AgentKind[] = [
  {
    name: "random",
    kind: "random",
    summary: "Actions drawn from the catalogue: the lower anchor.",
    needsReference: false,
    create: () => new RandomAgent(),
  },
  {
    name: "runbook",
    kind: "runbook",
    summary: "Rules on observations only: a fair baseline.",
    needsReference: false,
    create: () => new RunbookAgent(),
  },
  {
    name: "expert",
    kind: "expert",
    summary: "Plays the reference evidence, fix and diagnosis: the upper anchor.",
    needsReference: true,
    create: () => new ExpertAgent(),
  },
];
