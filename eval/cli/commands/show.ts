import { Argument, Command } from "commander";
import type { EpisodeEntry, RunEventRecord, RunRecord } from "../../../env/store/store.ts";
import type { Entry } from "../../report/entry.ts";
import { finalOf, labelsOf, readEntries, taskIdsOf } from "../../report/entry.ts";
import { flat, policyFacts, suiteFacts, timeText } from "../../report/facts.ts";
import type { Fact } from "../../report/facts.ts";
import { ABSENT, decimal, grouped } from "../../report/numbers.ts";
import { outcomesOf, providerErrors } from "../../report/provider-errors.ts";
import type { ResultReader } from "../../report/reader.ts";
import { dollars, useOf } from "../../report/use.ts";
import { findRun } from "../find-run.ts";
import { dbOption, jsonOption } from "../options.ts";
import { printJson, printLine, printTable } from "../output.ts";
import { reading } from "../reading.ts";
import type { Wiring } from "../wiring.ts";

interface ShowOptions {
  readonly attempts?: true;
  readonly db: string;
  readonly json?: true;
}

/** `oncall show [RUN]`: what a run is, how far it came, and what happened to it. */
export function showCommand(wiring: Wiring): Command {
  return new Command("show")
    .summary("a run: settings, progress, errors, events; its attempts with --attempts")
    .addArgument(new Argument("[run]", "which run; the newest when absent"))
    .option("--attempts", "list every attempt, with the id that explain takes")
    .addOption(dbOption())
    .addOption(jsonOption())
    .action((id: string | undefined, options: ShowOptions) =>
      reading(wiring, options.db, async (store) => {
        const run = await findRun(store, id);
        const gathered = await gather(store, run);
        if (options.json) return printJson(gathered.asJson(options.attempts === true));
        const { entries, agents, errors, events } = gathered;
        showFacts([...suiteFacts(run, entries[0]?.suite ?? null, taskIdsOf(entries)), ...policyFacts(run)]);
        showAgents(agents);
        for (const { label, errorClass, calls, unscored } of errors) {
          printLine(`${label}: ${errorClass}: ${calls} failed calls, ${unscored} episodes unscored`);
        }
        for (const entry of entries) showOwnErrors(finalOf(entry));
        for (const event of events) showEvent(event);
        if (options.attempts) showAttempts(entries.flatMap(({ attempts }) => attempts));
      }),
    );
}

/** What is shown of a run. */
async function gather(store: ResultReader, run: RunRecord) {
  const entries = await readEntries(store, run);
  const labels = labelsOf(entries);
  const rows = entries.map((entry) => ({ entry, label: labels.get(entry.key) ?? entry.variant.label }));
  const agents = rows.map(countsOf);
  const errors = providerErrors(rows);
  const events = await store.events(run.runId);
  const attempts = entries.flatMap((entry) => entry.attempts);
  const asJson = (withAttempts: boolean) => ({ run, agents, errors, events, ...(withAttempts && { attempts }) });
  return { entries, agents, errors, events, asJson };
}

type AgentCounts = ReturnType<typeof countsOf>;

function countsOf({ entry, label }: { readonly entry: Entry; readonly label: string }) {
  const { calls, failedCalls, totalCostUusd, unpriced } = useOf(entry);
  const retried = entry.slots.filter(({ attempts }) => attempts > 1).length;
  const planned = entry.slots.length;
  return { label, planned, counts: outcomesOf(entry), retried, calls, failedCalls, totalCostUusd, unpriced };
}

function showFacts(facts: readonly Fact[]): void {
  const width = Math.max(...facts.map(([name]) => name.length));
  for (const [name, value] of facts) printLine(`${name.padEnd(width)}  ${value}`);
}

function showAgents(agents: readonly AgentCounts[]): void {
  const outcomes = [...new Set(["success", "failure", ...agents.flatMap(({ counts }) => Object.keys(counts))])];
  printTable(
    ["agent", "planned", ...outcomes, "retried", "calls", "failed", "cost"],
    agents.map(({ label, planned, counts, retried, calls, failedCalls, totalCostUusd, unpriced }) => [
      label,
      `${planned}`,
      ...outcomes.map((outcome) => `${counts[outcome] ?? 0}`),
      `${retried}`,
      grouped(calls),
      grouped(failedCalls),
      dollars(totalCostUusd, unpriced) ?? ABSENT,
    ]),
  );
}

/** Errors of ours are few and loud: each has its sentence. */
function showOwnErrors(episodes: readonly EpisodeEntry[]): void {
  for (const { outcome, episodeId, variantLabel, taskId, errorDetail } of episodes) {
    if (outcome === "harness_error")
      printLine(`${episodeId} ${variantLabel} on ${taskId}: ${errorDetail ?? "no detail"}`);
  }
}

const showEvent = ({ at, type, data }: RunEventRecord): void =>
  printLine(
    `${timeText(at)}  ${type}  ${flat("", data)
      .map(([name, value]) => `${name.trim()}=${value}`)
      .join(" ")}`,
  );

const showAttempts = (attempts: readonly EpisodeEntry[]): void =>
  printTable(
    ["episode", "agent", "task", "trial", "seed", "attempt", "outcome", "ended", "score", "steps"],
    attempts.map((episode) => [
      episode.episodeId.slice(0, 12),
      episode.variantLabel,
      episode.taskId,
      `${episode.trial}`,
      `${episode.seed}`,
      episode.final ? `${episode.attempt}` : `${episode.attempt} (does not count)`,
      episode.outcome ?? "running",
      episode.terminalReason ?? episode.errorClass ?? ABSENT,
      decimal(episode.score),
      `${episode.steps}`,
    ]),
  );
