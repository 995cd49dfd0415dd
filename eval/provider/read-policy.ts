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
    const { flag, env: variable, presets } = policySettings[name];
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
