import { isAbsolute, resolve } from "node:path";
import type { PlaneLinks, Workplace } from "./workplace.ts";

/** How an outside program is started. */
export interface CommandSettings {
  readonly name: string;
  /** Program and arguments. `{mcp_config}`, `{prompt_file}` and `{config_dir}` stand for paths. */
  readonly argv: readonly string[];
  /** Variables that are passed on besides the few that every program gets. */
  readonly env: readonly string[];
  /** What the program may take for one episode, in milliseconds. */
  readonly timeoutMs: number;
  /** Folder of the configuration file. */
  readonly configFolder: string;
}

/** What every program gets of our own environment: nothing that leads to keys, homes or other people's files. */
const PASSED_ON = ["PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ"];

type Variables = Readonly<Record<string, string | undefined>>;

/** The arguments with their paths filled in. A program named by a relative path lies beside the configuration. */
export function filledArgv({ argv, configFolder }: CommandSettings, place: Workplace): string[] {
  const paths: Readonly<Record<string, string>> = {
    mcp_config: place.mcpConfigFile,
    prompt_file: place.promptFile,
    config_dir: configFolder,
  };
  const [program = "", ...rest] = argv.map((argument) =>
    argument.replaceAll(/\{(\w+)\}/g, (slot, name: string) => paths[name] ?? slot),
  );
  const isPath = program.includes("/") && !isAbsolute(program);
  return [isPath ? resolve(configFolder, program) : program, ...rest];
}

/** The whole environment of a program. */
export function programEnv(
  { env }: CommandSettings,
  place: Workplace,
  { mcpUrl, wsUrl, httpUrl }: PlaneLinks,
  ours: Variables,
): Record<string, string> {
  return {
    ...passedOn(PASSED_ON, ours),
    HOME: place.home,
    TMPDIR: place.temporary,
    ...passedOn(env, ours),
    ONCALL_MCP_URL: mcpUrl,
    ONCALL_WS_URL: wsUrl,
    ONCALL_HTTP_URL: httpUrl,
    ONCALL_PROMPT_FILE: place.promptFile,
    ONCALL_REPORT_FILE: place.reportFile,
  };
}

/** Text without the values of variables that were passed on by name: they are mostly keys. */
export function withoutValues({ env }: CommandSettings, ours: Variables, text: string): string {
  const values = Object.values(passedOn(env, ours)).filter((value) => value.length >= SHORTEST_SECRET);
  return values.reduce((clean, value) => clean.replaceAll(value, "***"), text);
}
const SHORTEST_SECRET = 8;

const passedOn = (names: readonly string[], ours: Variables): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (ours[name] === undefined ? [] : [[name, ours[name]]])));
