import { z } from "zod";
import { CONTRACTS } from "../contract/schema.ts";
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
  /** Whether the flag may stand alone, and then means a default of its own. */
  readonly valueOptional?: true;
}

/** Where sessions are kept when `--durable` names no file. */
const DEFAULT_JOURNAL = "notes/runs/sessions.db";
const MODES = ["simulation", "production"] as const;
const HTTP_SESSIONS = ["separate", "shared"] as const;
const LOG_LEVELS = ["silent", "error", "warn", "info", "debug"] as const;

const whole = (least: number, most: number) =>
  z.preprocess(
    (value) => (typeof value === "string" && /^\d{1,16}$/.test(value) ? Number(value) : value),
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

const isYes = (value: unknown): boolean => value === true || value === "true" || value === "1";
const isNo = (value: unknown): boolean => value === false || value === "false" || value === "0" || value === "";

const truth = z.preprocess(
  (value) => (isYes(value) ? true : isNo(value) ? false : value),
  z.boolean("expected true or false"),
);

const token = z
  .string()
  .regex(/^[\w.~+/=-]{16,256}$/, "expected 16 to 256 letters, digits or any of -._~+/=")
  .nullable()
  .default(null);

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
  agentPort: {
    ...named("agentPort"),
    summary: "Port of a second listener with the agent plane alone, for agents that run code on this machine.",
    value: whole(0, 65_535).nullable().default(null),
  },
  controlToken: { ...named("controlToken"), summary: "Token for everything that controls episodes.", value: token },
  agentToken: {
    ...named("agentToken"),
    summary: "Token for agents: opens what an episode's handle leads to, and no control over it.",
    value: token,
  },
  allowPathToken: {
    ...named("allowPathToken"),
    summary: "Accept a token in front of a path, /t/<token>/..., from clients that cannot send headers.",
    value: truth.default(false),
    isSwitch: true,
  },
  insecureNoAuth: {
    ...named("insecureNoAuth"),
    summary: "Serve other machines without a token.",
    value: truth.default(false),
    isSwitch: true,
  },
  mode: {
    flag: "--mode",
    env: ["ONCALL_MODE", "OPENENV_MODE"],
    summary: "simulation, or production: without reset, step and state over HTTP.",
    value: z.enum(MODES).default("simulation"),
  },
  openenvContract: {
    ...named("openenvContract"),
    summary: "What /schema says an action is: gym, the actions; mcp, calls of tools. Both are accepted.",
    value: z.enum(CONTRACTS).default("gym"),
  },
  httpSessions: {
    ...named("httpSessions"),
    summary: "separate: an HTTP call without a session has an environment of its own; shared: all have the same.",
    value: z.enum(HTTP_SESSIONS).default("separate"),
  },
  defaultSeed: {
    ...named("defaultSeed"),
    summary: "Seed of episodes that begin without a reset, as over MCP.",
    value: whole(0, Number.MAX_SAFE_INTEGER).default(0),
  },
  defaultTask: {
    ...named("defaultTask"),
    summary: "Task of episodes that begin without a reset; absent: chosen by the seed.",
    value: z.string().min(1).nullable().default(null),
  },
  durable: {
    ...named("durable"),
    summary: `Keep resumable sessions in a file, ${DEFAULT_JOURNAL} unless named, to be resumed after a crash.`,
    value: z.preprocess(
      (value) => (isYes(value) ? DEFAULT_JOURNAL : isNo(value) ? null : value),
      z.string().min(1).nullable().default(null),
    ),
    valueOptional: true,
  },
  nodeId: {
    ...named("nodeId"),
    summary: "Begins every session's id, where several servers share an address.",
    value: z
      .string()
      .regex(/^[a-z0-9-]{0,32}$/, "expected up to 32 lower-case letters, digits or dashes")
      .default(""),
  },
  logLevel: { ...named("logLevel"), summary: "What is logged on stderr.", value: z.enum(LOG_LEVELS).default("error") },
} as const satisfies Record<string, Setting>;

/** Names without the unit, and those that OpenEnv's own server reads. */
const limitNames: Partial<Record<LimitName, Pick<Setting, "flag" | "env">>> = {
  maxSessions: { flag: "--max-sessions", env: ["ONCALL_MAX_SESSIONS", "MAX_CONCURRENT_ENVS"] },
  sessionIdleS: { flag: "--session-idle", env: ["ONCALL_SESSION_IDLE", "SESSION_IDLE_TIMEOUT_S"] },
  callIdleS: { flag: "--call-idle", env: ["ONCALL_CALL_IDLE"] },
  detachedMs: { flag: "--detached", env: ["ONCALL_DETACHED"] },
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
