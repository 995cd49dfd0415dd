import { ABSENT, decimal, grouped, interval, percent, plain, signed } from "../report/numbers.ts";
import { isRanked, TABLES } from "../report/board.ts";
import type { Row } from "../report/board.ts";
import { timeText } from "../report/facts.ts";
import type { Fact } from "../report/facts.ts";
import { groupBy } from "../report/group-by.ts";
import type { RunReport } from "../report/run-report.ts";
import { dollars } from "../report/use.ts";
import { code, markdownTable } from "./markdown.ts";

/** The report of a run as one Markdown page: what a result needs to be worth publishing, section by section. */
export function reportMarkdown(report: RunReport): string {
  const sections = SECTIONS.map(({ heading, body }) => `## ${heading}\n\n${body(report)}`);
  return `# Run ${code(report.run.runId)}\n\n${sections.join("\n\n")}\n`;
}

interface Section {
  readonly heading: string;
  readonly body: (report: RunReport) => string;
}

const NOTHING = "Nothing to show.";

const SECTIONS: readonly Section[] = [
  { heading: "Suite and versions", body: ({ suite }) => factsTable(suite) },
  { heading: "Leaderboard", body: ({ board }) => leaderboards(board.rows) },
  { heading: "Not ranked", body: ({ board }) => notRanked(board.rows) },
  { heading: "Anchors", body: ({ board }) => rowsTable(board.rows.filter(({ table }) => table === "anchors")) },
  { heading: "Agents and models", body: agents },
  { heading: "Policy", body: ({ policy }) => factsTable(policy) },
  { heading: "Outcomes", body: outcomes },
  { heading: "Endings and repeated episodes", body: endings },
  { heading: "Provider errors by class", body: providerErrors },
  { heading: "Success by task", body: tasks },
  { heading: "Evidence, wrong fixes and invalid actions", body: conduct },
  { heading: "Cost", body: costs },
  { heading: "Over time", body: history },
  { heading: "Limitations", body: limitations },
];

function factsTable(facts: readonly Fact[]): string {
  if (facts.length === 0) return NOTHING;
  return markdownTable(
    ["what", "value"],
    facts.map(([name, value]) => [code(name), code(value)]),
  );
}

function leaderboards(rows: readonly Row[]): string {
  const parts = TABLES.filter((table) => table !== "anchors").flatMap((table) => {
    const own = rows.filter((row) => row.table === table && isRanked(row));
    return own.length === 0 ? [] : [`### ${TITLES[table]}\n\n${rowsTable(own)}`];
  });
  return parts.length === 0 ? "No entry is ranked; anchors and the reasons stand below." : parts.join("\n\n");
}

const TITLES = { agents: "Agents", assisted: "Assisted agents", human: "People", anchors: "Anchors" } as const;

function rowsTable(rows: readonly Row[]): string {
  if (rows.length === 0) return NOTHING;
  return markdownTable(
    [
      "rank",
      "agent",
      "success [95 %]",
      "k / n",
      "at least – at most",
      "all of k pages",
      "score [95 %]",
      "evidence",
      "wrong fixes",
      "distractors",
      "invalid",
      "steps",
    ],
    rows.map(({ rank, label, summary: { metrics, successes, scored, bounds, passHat } }) => [
      rank,
      code(label),
      interval(metrics.success_rate),
      `${successes} / ${scored}`,
      `${decimal(bounds.lower)} – ${decimal(bounds.upper)}`,
      passText(passHat),
      interval(metrics.mean_score),
      plain(metrics.evidence_coverage),
      plain(metrics.wrong_remediation_rate),
      plain(metrics.distractor_failure_rate),
      plain(metrics.invalid_action_rate),
      plain(metrics.mean_steps, 1),
    ]),
  );
}

/** The deepest pass^k that there are trials for; with one trial it would repeat the success rate. */
function passText(passHat: Row["summary"]["passHat"]): string {
  const deepest = passHat.findLast(({ k, value }) => k > 1 && value !== null);
  return deepest === undefined ? ABSENT : `${interval(deepest)} (k = ${deepest.k})`;
}

function notRanked(rows: readonly Row[]): string {
  const failing = rows.filter(({ failures }) => failures.length > 0);
  if (failing.length === 0) return "Every entry fulfils L01 to L10.";
  return markdownTable(
    ["agent", "code", "what came", "what is wanted"],
    failing.flatMap(({ label, failures }) =>
      failures.map(({ code: name, sentences, wants }) => [code(label), name, code(sentences.join(" ")), wants]),
    ),
  );
}

function agents({ agents: all }: RunReport): string {
  return all.map(({ label, facts }) => `### ${code(label)}\n\n${factsTable(facts)}`).join("\n\n") || NOTHING;
}

function outcomes({ outcomes: all }: RunReport): string {
  const names = [...new Set(["success", "failure", ...all.flatMap(({ counts }) => Object.keys(counts))])];
  return markdownTable(
    ["agent", "planned", ...names],
    all.map(({ label, planned, counts }) => [
      code(label),
      `${planned}`,
      ...names.map((name) => `${counts[name] ?? 0}`),
    ]),
  );
}

/** Why scored episodes ended, and what became of those that were played again. */
function endings({ outcomes: all }: RunReport): string {
  const names = [...new Set(all.flatMap(({ endings: own }) => Object.keys(own)))];
  return markdownTable(
    ["agent", ...names, "at the first attempt", "played again"],
    all.map(({ label, endings: own, repeated: { once, again } }) => [
      code(label),
      ...names.map((name) => `${own[name] ?? 0}`),
      `${once.successes} / ${once.scored}`,
      `${again.successes} / ${again.scored}`,
    ]),
  );
}

function providerErrors({ providerErrors: all }: RunReport): string {
  if (all.length === 0) return "There were none.";
  return markdownTable(
    ["agent", "class", "failed calls", "episodes left unscored"],
    all.map(({ label, errorClass, calls, unscored }) => [code(label), code(errorClass), `${calls}`, `${unscored}`]),
  );
}

function tasks({ tasks: slices }: RunReport): string {
  if (slices.length === 0) return NOTHING;
  const labels = [...new Set(slices.map(({ label }) => label))];
  return markdownTable(
    ["task", ...labels.map(code)],
    [...groupBy(slices, ({ slice }) => slice)].map(([task, own]) => [
      code(task),
      ...labels.map((label) => {
        const slice = own.find((one) => one.label === label);
        return slice === undefined ? ABSENT : `${slice.successes}/${slice.scored}, ${plain(slice.metrics.mean_score)}`;
      }),
    ]),
  );
}

function conduct({ board: { rows } }: RunReport): string {
  return markdownTable(
    ["agent", "evidence coverage", "wrong fixes", "distractors", "premature", "invalid actions", "n"],
    rows.map(({ label, summary: { metrics, scored } }) => [
      code(label),
      interval(metrics.evidence_coverage),
      interval(metrics.wrong_remediation_rate),
      interval(metrics.distractor_failure_rate),
      interval(metrics.premature_resolution_rate),
      interval(metrics.invalid_action_rate),
      `${scored}`,
    ]),
  );
}

function costs({ board: { rows } }: RunReport): string {
  return markdownTable(
    [
      "agent",
      "calls",
      "failed",
      "tokens in",
      "tokens out",
      "scored cost",
      "total cost",
      "per success",
      "unpriced",
      "latency p50 s",
      "p99 s",
      "waiting s",
    ],
    rows.map(({ label, summary: { use } }) => [
      code(label),
      grouped(use.calls),
      grouped(use.failedCalls),
      grouped(use.inputTokens),
      grouped(use.outputTokens),
      dollars(use.scoredCostUusd) ?? ABSENT,
      dollars(use.totalCostUusd, use.unpriced) ?? ABSENT,
      dollars(use.costPerSuccessUusd, use.unpriced) ?? ABSENT,
      grouped(use.unpriced),
      seconds(use.latencyMs.p50),
      seconds(use.latencyMs.p99),
      seconds(use.waitingMs),
    ]),
  );
}

const seconds = (ms: number | null): string => decimal(ms === null ? null : ms / 1000, 1);

function history({ history: all }: RunReport): string {
  if (all.length === 0) return "No agent of this run was played before.";
  return markdownTable(
    ["agent", "run", "at", "suite", "success", "score", "change of score"],
    all.flatMap(({ label, entries }) =>
      entries.map(({ entry: { run }, summary: { metrics, successes, scored }, since }) => [
        code(label),
        code(run.runId),
        timeText(run.createdAt),
        code(`${run.suite}@${run.suiteVersion}`),
        `${percent(metrics.success_rate?.value ?? null)} (${successes}/${scored})`,
        interval(metrics.mean_score),
        since === null ? ABSENT : signed(since.comparison.score.difference.value),
      ]),
    ),
  );
}

function limitations({ limitations: all, power }: RunReport): string {
  return [power, ...all].map((sentence) => `- ${sentence}`).join("\n");
}
