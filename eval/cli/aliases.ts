/** Flags of SRE-Zero's runner, and what they are called here. A flag that stands alone may stand for a flag and its value. */
const ALIASES: Readonly<Record<string, readonly [flag: string, value?: string]>> = {
  "--only-baselines": ["--agents", "random,runbook,expert"],
  "--all-llm-models": ["--models", "all"],
  "--episodes": ["--trials"],
  "--llm-episodes": ["--trials"],
  "--timeout-seconds": ["--attempt-timeout"],
  "--llm-max-retries": ["--max-retries"],
  "--llm-max-tokens": ["--max-output-tokens"],
  "--llm-min-request-interval-seconds": ["--min-interval"],
  "--llm-rate-limit-requests": ["--rate-limit"],
  "--llm-rate-limit-window-seconds": ["--rate-window"],
  "--llm-rejection-pause-threshold": ["--breaker-threshold"],
  "--llm-rejection-pause-seconds": ["--breaker-pause"],
};

/** Arguments of a command with the flags of another program in our words; `--flag=value` keeps its value. */
export const withoutAliases = (args: readonly string[]): string[] =>
  args.flatMap((arg) => {
    const [name = "", ...value] = arg.split("=");
    const known = Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined;
    if (known === undefined) return [arg];
    const [flag, fixed] = known;
    if (fixed !== undefined) return [flag, fixed];
    return value.length === 0 ? [flag] : [`${flag}=${value.join("=")}`];
  });
