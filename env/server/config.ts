import type { z } from "zod";
import type { Limits } from "../session/limits.ts";
import { limitSettings, serverSettings } from "./settings.ts";
import type { Setting } from "./settings.ts";

/** Everything a server is told; made by `readConfig`. */
export type ServerConfig = Readonly<{
  [Name in keyof typeof serverSettings]: z.output<(typeof serverSettings)[Name]["value"]>;
}> & { readonly limits: Limits };

/** Where settings come from. The flag wins over the variable, that over the default. */
export interface SettingSources {
  /** By the setting's name: `maxSessions`, not `max-sessions`. Typed values or text; undefined means absent. */
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Settings that cannot be used; the message names each with what was expected. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Reads and checks the settings of a server.
 * @throws ConfigError with one line for each wrong setting, or when other machines could connect without a token
 */
export function readConfig(sources: SettingSources = {}): ServerConfig {
  const problems: string[] = [];
  const read = (settings: Readonly<Record<string, Setting>>) =>
    Object.fromEntries(
      Object.entries(settings).map(([name, setting]) => [name, readSetting(name, setting, sources, problems)]),
    );
  const config = { ...read(serverSettings), limits: read(limitSettings) } as unknown as ServerConfig;
  if (problems.length > 0) throw new ConfigError(problems.join("\n"));
  const contradiction = contradictionIn(config);
  if (contradiction !== null) throw new ConfigError(contradiction);
  return config;
}

/** Settings that are each right and together are not, as a sentence with a way out; null where they fit. */
function contradictionIn(config: ServerConfig): string | null {
  const { controlToken, agentToken, insecureNoAuth, httpSessions, allowPathToken, mode } = serverSettings;
  const isOpen = config.controlToken === null;
  if (!isLoopback(config.host) && isOpen && !config.insecureNoAuth) {
    return (
      `Listening on ${config.host} lets other machines connect. Set ${controlToken.env[0]}, or accept it with ` +
      `${insecureNoAuth.flag}.`
    );
  }
  if (config.agentToken !== null && isOpen) {
    return `${agentToken.env[0]} keeps agents from nothing while control needs no token. Set ${controlToken.env[0]} too.`;
  }
  if (config.agentToken !== null && config.agentToken === config.controlToken) {
    return `${agentToken.env[0]} and ${controlToken.env[0]} are the same; agents would control their own episodes.`;
  }
  if (config.allowPathToken && isOpen) return `${allowPathToken.flag} needs ${controlToken.env[0]}.`;
  if (config.httpSessions === "shared" && config.mode === "production") {
    return `${httpSessions.flag} shared has nothing to share in ${mode.flag} production.`;
  }
  if (config.httpSessions === "shared" && !isLoopback(config.host) && isOpen) {
    return `${httpSessions.flag} shared lets every machine play in one session. Set ${controlToken.env[0]}.`;
  }
  return null;
}

/** A warning when other machines may connect without a token; null otherwise. */
export const openToAll = ({ host, controlToken }: ServerConfig): string | null =>
  isLoopback(host) || controlToken !== null
    ? null
    : `Warning: anyone who can reach ${host} may use this server; no token is set.`;

function readSetting(
  name: string,
  setting: Setting,
  { flags = {}, env = {} }: SettingSources,
  problems: string[],
): unknown {
  const fromFlag = flags[name];
  const variable = setting.env.find((one) => env[one] !== undefined);
  const parsed = setting.value.safeParse(fromFlag ?? (variable === undefined ? undefined : env[variable]));
  if (parsed.success) return parsed.data;
  const source = fromFlag === undefined ? variable : setting.flag;
  problems.push(`${source ?? name}: ${parsed.error.issues[0]?.message ?? "not understood"}.`);
  return undefined;
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host);
