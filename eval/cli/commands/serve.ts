import { Command, Option } from "commander";
import { note } from "../output.ts";
import type { Wiring } from "../wiring.ts";

/** `oncall serve`: the environment server. Its flags are the server's own settings. */
export function serveCommand({ serve, serverFlags }: Wiring): Command {
  const command = new Command("serve")
    .summary("the environment server")
    .description("Serves incidents over WebSocket and HTTP until it is interrupted; then it drains within ten seconds.");
  for (const { flag, summary, variables, isSwitch } of serverFlags) {
    command.addOption(new Option(isSwitch ? flag : `${flag} <value>`, `${summary} (${variables.join(", ")})`));
  }
  return command.action(async (_options: unknown, { options, getOptionValue }: Command) => {
    const named = serverFlags.map(({ name, flag }) => {
      const attribute = options.find(({ long }) => long === flag)?.attributeName();
      return [name, attribute === undefined ? undefined : getOptionValue.call(command, attribute)];
    });
    const server = await serve(Object.fromEntries(named) as Record<string, unknown>);
    for (const notice of server.notices) note(notice);
    await stopOnSignal(server.close);
  });
}

/** Waits for SIGINT or SIGTERM and drains; a second signal ends the process at once. */
async function stopOnSignal(close: () => Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
  await close();
  process.exit(0);
}
