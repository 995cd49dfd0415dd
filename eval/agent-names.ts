import { agentKinds } from "../agents/index.ts";
import { profileNamed } from "../agents/llm/profiles.ts";

/** What an agent of SRE-Zero is here. */
export interface AgentAlias {
  readonly agent: string;
  /** Whether its replies are repaired, and the runbook steps in. */
  readonly assisted: boolean;
}

const plain = (agent: string): AgentAlias => ({ agent, assisted: false });

/** Names of SRE-Zero's agents. A model of one is the configuration's group of that name. */
export const agentAliases: Readonly<Record<string, AgentAlias>> = {
  scripted: plain("expert"),
  open_source: plain("prompting:open_source"),
  frontier: plain("prompting:frontier"),
  open_source_react: plain("react:open_source"),
  guided_open_source: { agent: "prompting:open_source", assisted: true },
};

/** Null when it is no name of SRE-Zero's. */
export const agentAlias = (name: string): AgentAlias | null =>
  Object.hasOwn(agentAliases, name) ? (agentAliases[name] as AgentAlias) : null;

const ours = (name: string): string => agentAlias(name)?.agent ?? name;

/** Whether an agent of `--agents` asks a model of the configuration. */
export const asksModel = (name: string): boolean => profileNamed(ours(name).split(":")[0] ?? "") !== null;

/** Whether an agent of `--agents` ships whole. */
export const shipsWhole = (name: string): boolean => agentKinds.some((kind) => kind.name === ours(name));
