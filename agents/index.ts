import type { Agent } from "./agent.ts";
import { ExpertAgent } from "./expert.ts";
import type { Bound } from "./probes/bounds.ts";
import { probes } from "./probes/index.ts";
import type { Need } from "./probes/knowledge.ts";
import { RandomAgent } from "./random.ts";
import { RunbookAgent } from "./runbook/runbook.ts";

/** An agent that ships: how to make one, and what the harness must know of it. */
export interface AgentKind {
  readonly name: string;
  readonly kind: "random" | "runbook" | "expert" | "probe";
  readonly summary: string;
  /** What the harness tells it besides what it sees. */
  readonly needs: Need | null;
  /** What must hold of its figures over the whole suite. */
  readonly bounds: readonly Bound[];
  readonly create: () => Agent;
}

export const agentKinds: readonly AgentKind[] = [
  {
    name: "random",
    kind: "random",
    summary: "Actions drawn from the catalogue: the lower anchor.",
    needs: null,
    bounds: ["score < 0.05"],
    create: () => new RandomAgent(),
  },
  {
    name: "runbook",
    kind: "runbook",
    summary: "Rules on observations only: a fair baseline.",
    needs: null,
    bounds: ["score >= 0.45", "score <= 0.65"],
    create: () => new RunbookAgent(),
  },
  {
    name: "expert",
    kind: "expert",
    summary: "Plays the reference evidence, fix and diagnosis: the upper anchor.",
    needs: "reference",
    bounds: ["score > 0.95", "success >= 1"],
    create: () => new ExpertAgent(),
  },
  ...probes.map((probe): AgentKind => ({ ...probe, name: `probe:${probe.name}`, kind: "probe" })),
];
