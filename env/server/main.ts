import { parseArgs } from "node:util";
import { coreSuite } from "../../tasks/index.ts";
import { ConfigError, readConfig } from "./config.ts";
import type { ServerConfig } from "./config.ts";
import { serve } from "./server.ts";
import { limitSettings, serverSettings } from "./settings.ts";
import type { Setting } from "./settings.ts";
import { closeOnSignals } from "./signals.ts";

/** Serves the suite that ships; logs and notices go to stderr. */
const config = configOrNull();
if (config === null) process.exit(2);
const server = await serve({ suite: coreSuite, config });
for (const notice of server.notices) process.stderr.write(`${notice}\n`);
closeOnSignals(() => server.close());

/** The settings, or null after a line that says what is wrong with them. */
function configOrNull(): ServerConfig | null {
  try {
    return readConfig({ flags: flags(), env: process.env });
  } catch (error) {
    const told = error instanceof ConfigError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
    if (told !== true) throw error;
    process.stderr.write(`${(error as Error).message}\n`);
    return null;
  }
}

/** The flags of the command line, by the name of their setting. */
function flags(): Record<string, unknown> {
  const settings: [string, Setting][] = Object.entries({ ...serverSettings, ...limitSettings });
  const options = Object.fromEntries(
    settings.map(([, { flag, isSwitch }]) => [flag.slice(2), { type: isSwitch ? "boolean" : "string" } as const]),
  );
  const { values } = parseArgs({ options });
  return Object.fromEntries(settings.map(([name, { flag }]) => [name, values[flag.slice(2)]]));
}
