import { commandPromptSha256 } from "../agents/command/prompt.ts";
import { commandKind } from "../agents/index.ts";
import { didYouMean } from "../env/core/suggest.ts";
import { UsageError } from "./errors.ts";
import type { OncallConfig } from "./provider/config.ts";
import { newVariant } from "./variant.ts";
import type { Variant } from "./variant.ts";

/** Which programs there are. */
export interface CommandSources {
  readonly config: OncallConfig;
  /** Folder of the configuration file. */
  readonly configFolder: string;
  /** What a program may take for one episode, in seconds, whatever the configuration says. */
  readonly commandTimeoutS?: number | undefined;
}

/** What a program may take for one episode unless something else is said, in seconds. */
export const COMMAND_TIMEOUT_S = 1800;

/** The variant of a program of the configuration. */
export function commandVariant(name: string, { config, configFolder, commandTimeoutS }: CommandSources): Variant {
  const { commands } = config;
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) {
    const known = Object.keys(commands);
    const choice = known.length === 0 ? "The configuration names none." : `Known: ${known.join(", ")}.`;
    throw new UsageError(`Unknown command "${name}".${didYouMean(name, known)} ${choice}`);
  }
  const timeoutS = commandTimeoutS ?? entry.timeout_s ?? COMMAND_TIMEOUT_S;
  const { argv, env = [], version } = entry;
  return newVariant(commandKind({ name, argv, env, timeoutMs: timeoutS * 1000, configFolder }), {
    label: `command:${name}`,
    kind: "command",
    harness: name,
    harnessVersion: version,
    promptSha256: commandPromptSha256(),
    assisted: false,
    sampling: { argv, timeout_s: timeoutS },
  });
}
