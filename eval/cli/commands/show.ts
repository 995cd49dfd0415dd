import { Argument, Command } from "commander";
import type { EpisodeEntry, RunEventRecord } from "../../../env/store/store.ts";
import { finalOf, labelsOf, readEntries, taskIdsOf } from "../../report/entry.ts";
import { flat, policyFacts, suiteFacts, timeText } from "../../report/facts.ts";
import type { Fact } from "../../report/facts.ts";
import { ABSENT, decimal, grouped } from "../../report/numbers.ts";
import { outcomesOf, providerErrors } from "../../report/provider-errors.ts";
import { dollars, useOf } from "../../report/use.ts";
import { findRun } from "../find-run.ts";
import { dbOption, jsonOption } from "../options.ts";
import { print, printJson, printTable } from "../output.ts";
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
        const entries = await readEntries(store, run);
        const labels = labelsOf(entries);
        const rows = entries.map((entry) => ({ entry, label: labels.get(entry.key) ?? entry.variant.label }));
        const events = await store.events(run.runId);
        const agents = rows.map(({ entry, label }) => {
          const { calls, failedCalls, totalCostUusd, unpriced } = useOf(entry);
          const counts = outcomesOf(entry);
          const retried = entry.slots.filter(({ attempts }) => attempts > 1).length;
          return { label, planned: entry.slots.length, counts, retried, calls, failedCalls, totalCostUusd, unpriced };
        });
        const attempts = rows.flatMap(({ entry }) => entry.attempts);
        if (options.json) {
          return printJson({
            run,
            agents,
            errors: providerErrors(rows),
            events,
            ...(options.attempts && { attempts }),
          });
        }
        showFacts([...suiteFacts(run, entries[0]?.suite ?? null, taskIdsOf(entries)), ...policyFacts(run)]);
        showAgents(agents);
        for (const { label, errorClass, calls, unscored } of providerErrors(rows)) {
          print(`${label}: ${errorClass}: ${calls} failed calls, ${unscored} episodes unscored`);
        }
        for (const entry of entries) showOwnErrors(finalOf(entry));
        for (const event of events) showEvent(event);
        if (options.attempts) showEpisodes(attempts);
      }),
    );
}

function showFacts(facts: readonly Fact[]): void {
  const width = Math.max(...facts.map(([name]) => name.length));
  for (const [name, value] of facts) print(`${name.padEnd(width)}  ${value}`);
}

interface AgentCounts {
  readonly label: string;
  readonly planned: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly retried: number;
  readonly calls: number;
  readonly failedCalls: number;
  readonly totalCostUusd: number | null;
  readonly unpriced: number;
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
    if (outcome === "harness_error") print(`${episodeId} ${variantLabel} on ${taskId}: ${errorDetail ?? "no detail"}`);
  }
}

const showEvent = ({ at, type, data }: RunEventRecord): void =>
  print(
    `${timeText(at)}  ${type}  ${flat("", data)
      .map(([name, value]) => `${name.trim()}=${value}`)
      .join(" ")}`,
  );

const showEpisodes = (attempts: readonly EpisodeEntry[]): void =>
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
