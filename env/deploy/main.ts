import { coreSuite } from "../../tasks/index.ts";
import { ConfigError, readConfig } from "../server/config.ts";
import { serve } from "../server/server.ts";
import { closeOnSignals } from "../server/signals.ts";
import { openJournal } from "../store/journal/journal.ts";

/** The server alone, as its image runs it: told by variables, without the harness, its agents and its results. */
try {
  const config = readConfig({ env: process.env });
  const durable = config.durable === null ? null : openJournal(config.durable, note);
  const saving = (): boolean => durable?.saving ?? true;
  const server = await serve({ suite: coreSuite, config, durable, saving });
  server.notices.forEach(note);
  closeOnSignals(async () => {
    await server.close();
    durable?.close();
  });
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  note(error.message);
  process.exitCode = 2;
}

function note(line: string): void {
  process.stderr.write(`${line}\n`);
}
