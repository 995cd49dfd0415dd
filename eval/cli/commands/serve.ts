import { Command, Option } from "commander";
import { systemClock } from "../../clock.ts";
import { servedResults } from "../../served/served-results.ts";
import type { ServedResults } from "../../served/served-results.ts";
import { runFacts } from "../facts.ts";
import { dbOption } from "../options.ts";
import { note } from "../output.ts";
import type { ServerFlag, Wiring } from "../wiring.ts";

/** `oncall serve`: the environment server. Its flags are the server's own settings, and where results are kept. */
export function serveCommand(wiring: Wiring): Command {
  const { serve, serverFlags, closeOnSignals } = wiring;
  const command = new Command("serve")
    .summary("the environment server")
    .description(
      "Serves incidents over WebSocket, HTTP and MCP until it is interrupted; then it drains within ten seconds. " +
        "What outside clients play is stored as a run named served.",
    )
    .addOption(dbOption())
    .addOption(new Option("--no-db", "store no results"));
  const options = serverFlags.map((setting) => ({ name: setting.name, option: asOption(setting) }));
  for (const { option } of options) command.addOption(option);
  return command.action(async (given: Readonly<Record<string, unknown>>) => {
    const settings = options.map(({ name, option }) => [name, given[option.attributeName()]] as const);
    const mustStore = command.getOptionValueSource("db") !== "default";
    const results = typeof given["db"] === "string" ? await openResults(wiring, given["db"], mustStore) : null;
    const records = results === null ? undefined : { journals: [results.journal], saving: results.saving };
    const server = await serve(Object.fromEntries(settings), records);
    for (const notice of server.notices) note(notice);
    closeOnSignals(async () => {
      results?.stopping();
      await server.close();
      await results?.close();
    });
  });
}

/** A server that nobody told where to keep results goes on without, where there is no place for them. */
async function openResults(
  { openStore, suite }: Wiring,
  db: string,
  mustStore: boolean,
): Promise<ServedResults | null> {
  try {
    const facts = runFacts(suite, { command: ["serve"] });
    return servedResults({ store: await openStore(db, false), suite, facts, clock: systemClock, report: note });
  } catch (error) {
    if (mustStore) throw error;
    note(`Results are not stored: ${(error as Error).message}`);
    return null;
  }
}

function asOption({ flag, summary, variables, isSwitch, valueOptional }: ServerFlag): Option {
  const value = isSwitch ? "" : valueOptional ? " [value]" : " <value>";
  return new Option(`${flag}${value}`, `${summary} (${variables.join(", ")})`);
}
