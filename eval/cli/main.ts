#!/usr/bin/env -S npx tsx
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { Command, CommanderError, Option } from "commander";
import { localClient } from "../../env/client/local.ts";
import { connectSocket } from "../../env/client/socket.ts";
import { EnvError } from "../../env/core/errors.ts";
import { ENV_VERSION } from "../../env/core/version.ts";
import { ConfigError, readConfig } from "../../env/server/config.ts";
import { serve } from "../../env/server/server.ts";
import { limitSettings, serverSettings } from "../../env/server/settings.ts";
import { closeOnSignals } from "../../env/server/signals.ts";
import { StoreError } from "../../env/store/errors.ts";
import { openSqliteStore } from "../../env/store/sqlite/results.ts";
import { coreSuite } from "../../tasks/index.ts";
import { FROZEN_FOLDER, loadSuite, SuiteError } from "../../tasks/load.ts";
import { referenceFor } from "../../tasks/reference.ts";
import { validateInstance } from "../../tasks/validate.ts";
import { UsageError } from "../errors.ts";
import { assertUntouched } from "../suite/frozen.ts";
import { benchCommand } from "./commands/bench.ts";
import { demoCommand } from "./commands/demo.ts";
import { leaderboardCommand } from "./commands/leaderboard.ts";
import { playCommand } from "./commands/play.ts";
import { reportCommand } from "./commands/report.ts";
import { runCommand } from "./commands/run.ts";
import { runsCommand } from "./commands/runs.ts";
import { serveCommand } from "./commands/serve.ts";
import { suiteCommand } from "./commands/suite.ts";
import { tasksCommand } from "./commands/tasks.ts";
import { EXIT } from "./exit.ts";
import { note } from "./output.ts";
import type { Wiring } from "./wiring.ts";

/** The suite in use: the one that ships, until `--suite` says otherwise. */
let suite = coreSuite;

/** Hands tasks, fixes, server and store to the commands: the only file of the harness that reaches across layers. */
const wiring: Wiring = {
  get suite() {
    return suite;
  },
  loadSuite,
  frozenFolder: FROZEN_FOLDER,
  referenceFor,
  validateInstance,
  openStore: (path, readOnly) => {
    if (!readOnly) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSqliteStore(path, { readOnly });
  },
  connectLocal: async () => localClient(suite),
  connectTo: (url) => connectSocket(url),
  serverFlags: Object.entries({ ...serverSettings, ...limitSettings }).map(([name, setting]) => ({
    name,
    flag: setting.flag,
    summary: setting.summary,
    variables: setting.env,
    isSwitch: "isSwitch" in setting && setting.isSwitch,
  })),
  serve: (flags) => serve({ suite, config: readConfig({ flags, env: process.env }) }),
  closeOnSignals,
  drawRun: async (input) => (await import("../../plots/run.ts")).drawRun(input),
  benchmarks: async () => (await import("../../env/bench/main.ts")).benchmarks,
};

const program = new Command("oncall")
  .description("Incidents to practise on-call with: simulated, seeded, scored.")
  .version(ENV_VERSION)
  .addOption(
    new Option("--suite <where>", "incidents to use: a folder, a file, an address, or name@version").env(
      "ONCALL_SUITE",
    ),
  )
  .hook("preAction", async (oncall) => {
    const { suite: where } = oncall.opts<{ suite?: string }>();
    if (where !== undefined) suite = await suiteAt(where);
  })
  .configureHelp({ sortSubcommands: false, showGlobalOptions: true })
  .showHelpAfterError("(add --help for what there is)")
  .exitOverride();
for (const make of [
  demoCommand,
  runCommand,
  leaderboardCommand,
  reportCommand,
  runsCommand,
  tasksCommand,
  suiteCommand,
  playCommand,
  serveCommand,
  benchCommand,
]) {
  program.addCommand(inherit(make(wiring), program));
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Gives a command, and those below it, the program's way of helping and exiting. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const below of command.commands) inherit(below, command);
  return command;
}

/** A suite that is safe to use: a frozen one must be as it was frozen. */
async function suiteAt(where: string): Promise<typeof coreSuite> {
  const loaded = await loadSuite(where);
  assertUntouched(where, loaded.document);
  return loaded.suite;
}

/** Says what went wrong, and which exit code that is. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof UsageError) {
    note(`error: ${error.message}${error.hint === null ? "" : `\nTry: ${error.hint}`}`);
    return EXIT.usage;
  }
  if (error instanceof ConfigError || error instanceof SuiteError) {
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
