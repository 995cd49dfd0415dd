import { Command, Option } from "commander";
import { note } from "../output.ts";
import type { ServerFlag, Wiring } from "../wiring.ts";

/** `oncall serve`: the environment server. Its flags are the server's own settings. */
export function serveCommand({ serve, serverFlags, closeOnSignals }: Wiring): Command {
  const command = new Command("serve")
    .summary("the environment server")
    .description(
      "Serves incidents over WebSocket and HTTP until it is interrupted; then it drains within ten seconds.",
    );
  const options = serverFlags.map((setting) => ({ name: setting.name, option: asOption(setting) }));
  for (const { option } of options) command.addOption(option);
  return command.action(async (given: Readonly<Record<string, unknown>>) => {
    const settings = options.map(({ name, option }) => [name, given[option.attributeName()]] as const);
    const server = await serve(Object.fromEntries(settings));
    for (const notice of server.notices) note(notice);
    closeOnSignals(() => server.close());
  });
}

const asOption = ({ flag, summary, variables, isSwitch }: ServerFlag): Option =>
  new Option(isSwitch ? flag : `${flag} <value>`, `${summary} (${variables.join(", ")})`);
