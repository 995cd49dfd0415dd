import type { Agent } from "./agent.ts";
import { CommandAgent } from "./command/agent.ts";
import type { CommandSettings } from "./command/settings.ts";
import { ExpertAgent } from "./expert.ts";
import { LlmAgent } from "./llm/agent.ts";
import { profiles } from "./llm/profiles.ts";
import type { Profile } from "./llm/profiles.ts";
import type { Bound } from "./probes/bounds.ts";
import { probes } from "./probes/index.ts";
import type { Need } from "./probes/knowledge.ts";
import { RandomAgent } from "./random.ts";
import { RlAgent } from "./rl/agent.ts";
import type { Policy } from "./rl/policy.ts";
import { RunbookAgent } from "./runbook/runbook.ts";

/** An agent: how to make one, and what the harness must know of it. */
export interface AgentKind {
  readonly name: string;
  readonly kind: "random" | "runbook" | "expert" | "probe" | "llm" | "command" | "rl";
  readonly summary: string;
  /** What the harness tells it besides what it sees. */
  readonly needs: Need | null;
  /** What must hold of its figures over the whole suite. */
  readonly bounds: readonly Bound[];
  readonly create: () => Agent;
}

/** Agents that ship whole. */
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

/** Agents that ship in part: what they lack is named after the colon. */
export const agentFamilies: readonly Pick<AgentKind, "name" | "summary">[] = [
  ...profiles.map(({ name, summary }) => ({ name: `${name}:MODEL`, summary: `A language model. ${summary}` })),
  { name: "command:NAME", summary: "An outside program, which plays over the network." },
  { name: "rl:CHECKPOINT", summary: "A policy that `oncall train` has trained." },
];

/** A language model under a profile; the harness gives it the model. */
export const llmKind = (profile: Profile, assisted: boolean): AgentKind => ({
  name: profile.name,
  kind: "llm",
  summary: profile.summary,
  needs: null,
  bounds: [],
  create: () => new LlmAgent(profile, assisted),
});

/** An outside program; the harness gives it an episode to play. */
export const commandKind = (settings: CommandSettings): AgentKind => ({
  name: `command:${settings.name}`,
  kind: "command",
  summary: settings.argv.join(" "),
  needs: null,
  bounds: [],
  create: () => new CommandAgent(settings),
});

/** A trained policy, opened when it first plays. */
export const rlKind = (checkpoint: string, policy: () => Promise<Policy>): AgentKind => ({
  name: `rl:${checkpoint}`,
  kind: "rl",
  summary: "A trained policy over the vector observation.",
  needs: null,
  bounds: [],
  create: () => new RlAgent(policy),
});
