import { z } from "zod";
import { DEFAULT_LIMITS, LIMIT_NAMES, limitSummary } from "../session/limits.ts";
import type { LimitName } from "../session/limits.ts";

/** One setting of the server. Command lines take their flags and help from here. */
export interface Setting {
  /** `--max-sessions` */
  readonly flag: string;
  /** Variables that are read when the flag is absent; the first one that is set wins. */
  readonly env: readonly string[];
  readonly summary: string;
  /** Reads text, from a flag or variable, and typed values alike; holds the default. */
  readonly value: z.ZodType;
  /** Whether the flag stands alone, without a value. */
  readonly isSwitch?: true;
}

const LOG_LEVELS = ["silent", "error", "warn", "info", "debug"] as const;

const whole = (least: number, most: number) =>
  z.preprocess(
    (value) => (typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value),
    z.int(`expected a whole number from ${least} to ${most}`).min(least).max(most),
  );

const list = z.preprocess(
  (value) =>
    typeof value === "string"
      ? value
          .split(",")
          .map((item) => item.trim())
          .filter(Boolean)
      : value,
  z.array(z.string()),
);

const truth = z.preprocess(
  (value) =>
    value === "true" || value === "1" ? true : value === "false" || value === "0" || value === "" ? false : value,
  z.boolean("expected true or false"),
);

/** `maxSessions` → `--max-sessions`, `ONCALL_MAX_SESSIONS` */
function named(name: string): Pick<Setting, "flag" | "env"> {
  const words = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return { flag: `--${words}`, env: [`ONCALL_${words.toUpperCase().replaceAll("-", "_")}`] };
}

/** What a server may be told besides its limits. */
export const serverSettings = {
  host: { ...named("host"), summary: "Address to listen on.", value: z.string().min(1).default("127.0.0.1") },
  port: { ...named("port"), summary: "Port; 0 takes a free one.", value: whole(0, 65_535).default(8000) },
  allowedHosts: {
    ...named("allowedHosts"),
    summary: "Host names that requests may be addressed to, besides this machine's own; separated by commas.",
    value: list.default([]),
  },
  allowedOrigins: {
    ...named("allowedOrigins"),
    summary: "Web pages that may connect, such as https://gym.example; separated by commas.",
    value: list.default([]),
  },
  controlToken: {
    ...named("controlToken"),
    summary: "Token for everything that controls episodes.",
    value: z
      .string()
      .regex(/^[\w.~+/=-]{16,256}$/, "expected 16 to 256 letters, digits or any of -._~+/=")
      .nullable()
      .default(null),
  },
  insecureNoAuth: {
    ...named("insecureNoAuth"),
    summary: "Serve other machines without a token.",
    value: truth.default(false),
    isSwitch: true,
  },
  logLevel: { ...named("logLevel"), summary: "What is logged on stderr.", value: z.enum(LOG_LEVELS).default("error") },
} as const satisfies Record<string, Setting>;

/** Names without the unit, and those that OpenEnv's own server reads. */
const limitNames: Partial<Record<LimitName, Pick<Setting, "flag" | "env">>> = {
  maxSessions: { flag: "--max-sessions", env: ["ONCALL_MAX_SESSIONS", "MAX_CONCURRENT_ENVS"] },
  sessionIdleS: { flag: "--session-idle", env: ["ONCALL_SESSION_IDLE", "SESSION_IDLE_TIMEOUT_S"] },
};

const LARGEST_LIMIT = 2_147_483_647; // what a timer takes

/** Every limit as a setting. */
export const limitSettings = Object.fromEntries(
  LIMIT_NAMES.map((name) => [
    name,
    {
      ...(limitNames[name] ?? named(name)),
      summary: limitSummary(name),
      value: whole(1, LARGEST_LIMIT).default(DEFAULT_LIMITS[name]),
    },
  ]),
) as unknown as Readonly<Record<LimitName, Setting>>;
