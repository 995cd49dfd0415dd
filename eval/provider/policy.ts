import { z } from "zod";
import type { GateRules } from "../../env/store/store.ts";

/** Where a model runs: decides the preset of its policy. */
export const DEPLOYMENTS = ["cloud", "local"] as const;
export type Deployment = (typeof DEPLOYMENTS)[number];

/** One value of the policy: command lines, environment and configuration file take it from here. */
interface PolicySetting {
  /** `--min-interval` */
  readonly flag: string;
  /** `ONCALL_MIN_INTERVAL` */
  readonly env: string;
  readonly summary: string;
  readonly presets: Readonly<Record<Deployment, number>>;
  readonly least: number;
  readonly most: number;
  /** Seconds may have a fraction; counts may not. */
  readonly unit: "seconds" | "count";
}

const setting = (words: string, unit: PolicySetting["unit"], rest: Omit<PolicySetting, "flag" | "env" | "unit">) => ({
  flag: `--${words}`,
  env: `ONCALL_${words.toUpperCase().replaceAll("-", "_")}`,
  unit,
  ...rest,
});

const both = (value: number) => ({ cloud: value, local: value });
const DAY_S = 86_400;

/** How a provider is treated. The name is that of the configuration file; `_s` are seconds. */
export const policySettings = {
  min_interval_s: setting("min-interval", "seconds", {
    summary: "Seconds from one call's finish to the next start.",
    presets: { cloud: 15, local: 0 },
    least: 0,
    most: DAY_S,
  }),
  rate_limit: setting("rate-limit", "count", {
    summary: "Starts within the window; 0 for no window.",
    presets: { cloud: 5, local: 0 },
    least: 0,
    most: 100_000,
  }),
  rate_window_s: setting("rate-window", "seconds", {
    summary: "Length of the window in seconds.",
    presets: both(60),
    least: 0.001,
    most: DAY_S,
  }),
  breaker_threshold: setting("breaker-threshold", "count", {
    summary: "Failures in a row that open the circuit breaker.",
    presets: both(3),
    least: 1,
    most: 1000,
  }),
  breaker_pause_s: setting("breaker-pause", "seconds", {
    summary: "Seconds that an open breaker waits before it tries one call.",
    presets: both(60),
    least: 0,
    most: DAY_S,
  }),
  max_in_flight: setting("max-in-flight", "count", {
    summary: "Calls to one endpoint at once.",
    presets: both(1),
    least: 1,
    most: 1000,
  }),
  attempt_timeout_s: setting("attempt-timeout", "seconds", {
    summary: "Seconds that one attempt may take, body included.",
    presets: { cloud: 120, local: 600 },
    least: 0.001,
    most: DAY_S,
  }),
  max_retries: setting("max-retries", "count", {
    summary: "Attempts after the first one.",
    presets: both(5),
    least: 0,
    most: 100,
  }),
  max_retry_after_s: setting("max-retry-after", "seconds", {
    summary: "Longest Retry-After that is obeyed; a longer one halts the run.",
    presets: both(300),
    least: 0,
    most: DAY_S,
  }),
} as const satisfies Record<string, PolicySetting>;

export type PolicyName = keyof typeof policySettings;
export const POLICY_NAMES = Object.keys(policySettings) as readonly PolicyName[];

/** The values for one model, in the units of their names. */
export type Policy = Readonly<Record<PolicyName, number>>;

/** A value of a policy as a number, or as the text of a flag or variable. */
export const policyValue = (name: PolicyName) => {
  const { unit, least, most } = policySettings[name];
  const expected = `expected ${unit === "count" ? "a whole number" : "seconds"} from ${least} to ${most}`;
  const number = unit === "count" ? z.int(expected) : z.number(expected);
  return z.preprocess(
    (value) => (typeof value === "string" && /^\d{1,9}(?:\.\d{1,6})?$/.test(value.trim()) ? Number(value) : value),
    number.min(least, expected).max(most, expected),
  );
};

/** A policy in a configuration file: any of the values. */
export const PartialPolicy = z.strictObject(
  Object.fromEntries(POLICY_NAMES.map((name) => [name, policyValue(name).optional()])) as {
    readonly [Name in PolicyName]: z.ZodOptional<ReturnType<typeof policyValue>>;
  },
);
export type PartialPolicy = z.output<typeof PartialPolicy>;

/** What the gate has to know of a policy. */
export function gateRules(policy: Policy): GateRules {
  return {
    minIntervalMs: ms(policy.min_interval_s),
    rateLimit: policy.rate_limit,
    rateWindowMs: ms(policy.rate_window_s),
    breakerThreshold: policy.breaker_threshold,
    breakerPauseMs: ms(policy.breaker_pause_s),
    maxInFlight: policy.max_in_flight,
    inFlightExpiryMs: ms(policy.attempt_timeout_s) + SETTLING_MS,
    maxRetryAfterMs: ms(policy.max_retry_after_s),
  };
}

const ms = (seconds: number): number => Math.round(seconds * 1000);

/** What a live process may need to settle a call beyond its deadline. */
const SETTLING_MS = 5_000;
