#!/usr/bin/env -S npx tsx
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { Command, CommanderError } from "commander";
import { localClient } from "../../env/client/local.ts";
import { connectSocket } from "../../env/client/socket.ts";
import { EnvError } from "../../env/core/errors.ts";
import { ENV_VERSION } from "../../env/core/version.ts";
import { ConfigError, readConfig } from "../../env/server/config.ts";
import { serve } from "../../env/server/server.ts";
import { limitSettings, serverSettings } from "../../env/server/settings.ts";
import { StoreError } from "../../env/store/errors.ts";
import { openSqliteStore } from "../../env/store/sqlite/results.ts";
import { coreSuite } from "../../tasks/index.ts";
import { referenceFor } from "../../tasks/reference.ts";
import { validateInstance } from "../../tasks/validate.ts";
import { UsageError } from "../errors.ts";
import { benchCommand } from "./commands/bench.ts";
import { demoCommand } from "./commands/demo.ts";
import { leaderboardCommand } from "./commands/leaderboard.ts";
import { playCommand } from "./commands/play.ts";
import { reportCommand } from "./commands/report.ts";
import { runCommand } from "./commands/run.ts";
import { runsCommand } from "./commands/runs.ts";
import { serveCommand } from "./commands/serve.ts";
import { tasksCommand } from "./commands/tasks.ts";
import { EXIT } from "./exit.ts";
import { note } from "./output.ts";
import type { Wiring } from "./wiring.ts";

/** Hands tasks, fixes, server and store to the commands: the only file of the harness that reaches across layers. */
const wiring: Wiring = {
  suite: coreSuite,
  referenceFor,
  validateInstance,
  openStore: (path, readOnly) => {
    if (!readOnly) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSqliteStore(path, { readOnly });
  },
  connectLocal: async () => localClient(coreSuite),
  connectTo: (url) => connectSocket(url),
  serverFlags: Object.entries({ ...serverSettings, ...limitSettings }).map(([name, setting]) => ({
    name,
    flag: setting.flag,
    summary: setting.summary,
    variables: setting.env,
    isSwitch: "isSwitch" in setting && setting.isSwitch === true,
  })),
  serve: (flags) => serve({ suite: coreSuite, config: readConfig({ flags, env: process.env }) }),
  drawRun: async (input) => (await import("../../plots/run.ts")).drawRun(input),
  benchmarks: async () => (await import("../../env/bench/main.ts")).benchmarks,
};

const program = new Command("oncall")
  .description("Incidents to practise on-call with: simulated, seeded, scored.")
  .version(ENV_VERSION)
  .configureHelp({ sortSubcommands: false })
  .showHelpAfterError("(add --help for what there is)")
  .exitOverride();
for (const make of [
  demoCommand,
  runCommand,
  leaderboardCommand,
  reportCommand,
  runsCommand,
  tasksCommand,
  playCommand,
  serveCommand,
  benchCommand,
]) {
  program.addCommand(make(wiring).exitOverride().showHelpAfterError("(add --help for what there is)"));
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Says what went wrong, and which exit code that is. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof UsageError) {
    note(`error: ${error.message}${error.hint === null ? "" : `\nTry: ${error.hint}`}`);
    return EXIT.usage;
  }
  if (error instanceof ConfigError) {
    note(`error: ${error.message}`);
    return EXIT.usage;
  }
  if (error instanceof EnvError || error instanceof StoreError) {
    note(`error: ${error.message}`);
    return error instanceof EnvError && error.code === "BAD_OPTION" ? EXIT.usage : EXIT.failed;
  }
  note(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT.failed;
}
