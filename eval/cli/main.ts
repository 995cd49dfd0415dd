#!/usr/bin/env -S npx tsx
import { Command, CommanderError, Option } from "commander";
import { localClient } from "../../env/client/local.ts";
import { connectSocket } from "../../env/client/socket.ts";
import { EnvError } from "../../env/core/errors.ts";
import { ENV_VERSION } from "../../env/core/version.ts";
import { ConfigError, readConfig } from "../../env/server/config.ts";
import { openEpisodePlane } from "../../env/server/episode-plane/plane.ts";
import { serve } from "../../env/server/server.ts";
import { limitSettings, serverSettings } from "../../env/server/settings.ts";
import { closeOnSignals } from "../../env/server/signals.ts";
import { openBackend } from "../../env/store/backend.ts";
import { StoreError } from "../../env/store/errors.ts";
import { openJournal } from "../../env/store/journal/journal.ts";
import { mergeFiles } from "../../env/store/sqlite/merge.ts";
import { coreSuite } from "../../tasks/index.ts";
import { FROZEN_FOLDER, loadSuite, SuiteError } from "../../tasks/load.ts";
import { referenceFor } from "../../tasks/reference.ts";
import { validateInstance } from "../../tasks/validate.ts";
import { agentPlane } from "../agent-plane.ts";
import { UsageError } from "../errors.ts";
import { RunHeld } from "../hold.ts";
import { assertUntouched } from "../suite/frozen.ts";
import { withoutAliases } from "./aliases.ts";
import { benchCommand } from "./commands/bench.ts";
import { compareCommand } from "./commands/compare.ts";
import { demoCommand } from "./commands/demo.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { explainCommand } from "./commands/explain.ts";
import { exportCommand } from "./commands/export.ts";
import { historyCommand } from "./commands/history.ts";
import { leaderboardCommand } from "./commands/leaderboard.ts";
import { mcpCommand } from "./commands/mcp.ts";
import { mergeCommand } from "./commands/merge.ts";
import { pauseCommand, unpauseCommand } from "./commands/pause.ts";
import { mockProviderCommand } from "./commands/mock-provider.ts";
import { playCommand } from "./commands/play.ts";
import { reportCommand } from "./commands/report.ts";
import { rescoreCommand } from "./commands/rescore.ts";
import { resumeCommand, retryErrorsCommand } from "./commands/resume.ts";
import { runCommand } from "./commands/run.ts";
import { runsCommand } from "./commands/runs.ts";
import { serveCommand } from "./commands/serve.ts";
import { showCommand } from "./commands/show.ts";
import { statusCommand } from "./commands/status.ts";
import { submitCommand } from "./commands/submit.ts";
import { suiteCommand } from "./commands/suite.ts";
import { targetsCommand } from "./commands/targets.ts";
import { tasksCommand } from "./commands/tasks.ts";
import { trainCommand } from "./commands/train.ts";
import { verifyCommand } from "./commands/verify.ts";
import { watchCommand } from "./commands/watch.ts";
import { EXIT } from "./exit.ts";
import { miloAliasHelp, withoutMiloAliases } from "./milo-aliases.ts";
import { helpOutput, note } from "./output.ts";
import type { Records, RunningServer, Wiring } from "./wiring.ts";

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
  openStore: async (path, readOnly) => (await openBackend(path, { readOnly })).results,
  openBackend: (path) => openBackend(path),
  mergeFiles,
  connectLocal: async () => localClient(suite),
  connectTo: (url) => connectSocket(url),
  nearby: () => localClient(suite),
  openPlane: async () => agentPlane(await openEpisodePlane(suite)),
  serverFlags: Object.entries({ ...serverSettings, ...limitSettings }).map(([name, setting]) => ({
    name,
    flag: setting.flag,
    summary: setting.summary,
    variables: setting.env,
    isSwitch: "isSwitch" in setting && setting.isSwitch,
    valueOptional: "valueOptional" in setting && setting.valueOptional,
  })),
  serve: serveSessions,
  closeOnSignals,
  drawRun: async (input) => (await import("../../plots/run.ts")).drawRun(input),
  learningCurve: async () => (await import("../../plots/learning-curve.ts")).drawLearningCurve,
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
  .configureOutput(helpOutput)
  .addHelpText("after", `\n${miloAliasHelp()}`)
  .showHelpAfterError("(add --help for what there is)")
  .exitOverride();
for (const make of [
  demoCommand,
  runCommand,
  resumeCommand,
  retryErrorsCommand,
  watchCommand,
  statusCommand,
  pauseCommand,
  unpauseCommand,
  targetsCommand,
  leaderboardCommand,
  compareCommand,
  historyCommand,
  explainCommand,
  reportCommand,
  exportCommand,
  runsCommand,
  showCommand,
  verifyCommand,
  rescoreCommand,
  submitCommand,
  mergeCommand,
  tasksCommand,
  suiteCommand,
  playCommand,
  serveCommand,
  () => mcpCommand(async (address, options) => (await import("../../env/mcp/bridge.ts")).openBridge(address, options)),
  mockProviderCommand,
  doctorCommand,
  benchCommand,
  trainCommand,
]) {
  program.addCommand(inherit(make(wiring), program));
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(EXIT.ok); // who reads has read enough, as `head` does
});
try {
  await program.parseAsync(withoutMiloAliases(withoutAliases(process.argv)));
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

/** Starts the server, with a journal of its own if sessions are to outlive it. */
async function serveSessions(flags: Readonly<Record<string, unknown>>, records?: Records): Promise<RunningServer> {
  const config = readConfig({ flags, env: process.env });
  const durable = config.durable === null ? null : openJournal(config.durable, note);
  const saving = (): boolean => (records?.saving() ?? true) && (durable?.saving ?? true);
  const server = await serve({ suite, config, journals: records?.journals ?? [], durable, saving });
  const close = async (): Promise<void> => {
    await server.close();
    durable?.close();
  };
  return { ...server, close };
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
  if (error instanceof RunHeld) {
    note(`error: ${error.message}\nTry: oncall watch, or oncall pause`);
    return EXIT.paused;
  }
  note(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT.failed;
}
