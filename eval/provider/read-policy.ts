import { UsageError } from "../errors.ts";
import type { ModelEntry, OncallConfig } from "./config.ts";
import { POLICY_NAMES, policySettings, policyValue } from "./policy.ts";
import type { Deployment, Policy, PolicyName } from "./policy.ts";

/** Where values come from besides the configuration. The flag wins over the variable, that over the file. */
export interface PolicySources {
  /** By name: `min_interval_s`. Text or numbers; undefined means absent. */
  readonly flags?: Readonly<Partial<Record<PolicyName, unknown>>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** What SRE-Zero calls those values that it has too, after `--llm-` and `SREZERO_LLM_`. */
export const SREZERO_WORDS = {
  min_interval_s: "min-request-interval-seconds",
  rate_limit: "rate-limit-requests",
  rate_window_s: "rate-limit-window-seconds",
  breaker_threshold: "rejection-pause-threshold",
  breaker_pause_s: "rejection-pause-seconds",
  attempt_timeout_s: "timeout-seconds",
  max_retries: "max-retries",
} as const satisfies Partial<Record<PolicyName, string>>;

/** Which variable a value is read from: SRE-Zero's where ours is not set. */
function variableOf(name: PolicyName, env: NonNullable<PolicySources["env"]>): string {
  const { env: ours } = policySettings[name];
  const theirs = theirVariable(name);
  return env[ours] === undefined && theirs !== null && (env[theirs] ?? "").trim() !== "" ? theirs : ours;
}

function theirVariable(name: PolicyName): string | null {
  const words = Object.hasOwn(SREZERO_WORDS, name) ? SREZERO_WORDS[name as keyof typeof SREZERO_WORDS] : null;
  return words === null ? null : `SREZERO_LLM_${words.toUpperCase().replaceAll("-", "_")}`;
}

/** A sentence for each variable of SRE-Zero's that is in force. */
export const variableNotices = (env: NonNullable<PolicySources["env"]>): string[] =>
  POLICY_NAMES.flatMap((name) => {
    const { env: ours } = policySettings[name];
    const variable = variableOf(name, env);
    return variable === ours ? [] : [`${variable} is read, as ${ours} is not set.`];
  });

/** The policy's values as flags of a command line, in the form that the server's settings have. */
export const policyFlags = POLICY_NAMES.map((name) => {
  const { flag, env, summary } = policySettings[name];
  return { name, flag, summary, variables: [env], isSwitch: false, valueOptional: false };
});

/** `local` when nothing is said and the host is this machine. */
export function deploymentOf({ deployment, base_url }: ModelEntry): Deployment {
  if (deployment !== undefined) return deployment;
  const host = new URL(base_url).hostname;
  return host === "localhost" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host) ? "local" : "cloud";
}

/**
 * How a model's provider is treated: flag, variable, the model's own policy, the file's, the preset.
 * @throws UsageError with one line for each value that cannot be used
 */
export function readPolicy(
  entry: ModelEntry,
  config: Pick<OncallConfig, "policy">,
  { flags = {}, env = {} }: PolicySources = {},
): Policy {
  const preset = deploymentOf(entry);
  const problems: string[] = [];
  const values = POLICY_NAMES.map((name) => {
    const { flag, presets } = policySettings[name];
    const variable = variableOf(name, env);
    const given = flags[name] ?? env[variable];
    const fallback = entry.policy?.[name] ?? config.policy?.[name] ?? presets[preset];
    const parsed = policyValue(name).safeParse(given ?? fallback);
    if (parsed.success) return [name, parsed.data] as const;
    const source = flags[name] === undefined ? variable : flag;
    problems.push(`${source}: ${parsed.error.issues[0]?.message ?? "not understood"}.`);
    return [name, fallback] as const;
  });
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return Object.fromEntries(values) as Policy;
}
