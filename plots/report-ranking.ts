import { TABLES, type LeaderboardRow, type NotRanked, type ReportInput } from "./data.ts";
import { html, type Markup } from "./html.ts";
import { EMPTY } from "./report-figure.ts";
import { leaderboardTable } from "./report-leaderboard.ts";
import { table } from "./report-table.ts";

/** Ranked agents in tables that are never mixed, then what so many episodes can tell apart. */
export function leaderboardSection({ leaderboard, power }: ReportInput): Markup {
  if (leaderboard.length === 0) return EMPTY;
  const tables = TABLES.map((name) => ({ name, rows: leaderboard.filter(({ table: of }) => of === name) }));
  return html`<p>
      A range of ranks such as 2–3 means that the data do not separate these agents. Success needs the right diagnosis,
      objectives that hold, and evidence that was seen before acting.
    </p>
    ${tables.filter(({ rows }) => rows.length > 0).map(({ name, rows }) => part(name, rows))}
    <p>${power}</p>`;
}

const TITLES: Readonly<Record<(typeof TABLES)[number], string>> = {
  agents: "Agents",
  assisted: "Assisted: replies were repaired, or the runbook stepped in",
  human: "People",
  anchors: "Anchors: they hold the scale, and are ranked among themselves only",
};

const part = (name: (typeof TABLES)[number], rows: readonly LeaderboardRow[]): Markup =>
  html`<h3>${TITLES[name]}</h3>
    ${leaderboardTable(rows)}`;

/** Who is not ranked, by which of the ten conditions, and what came instead. */
export function notRankedSection({ notRanked }: ReportInput): Markup {
  if (notRanked.length === 0) return html`<p>Every entry fulfils the ten conditions of being ranked.</p>`;
  const rows = notRanked.flatMap(({ variant, reasons }) => reasons.map((reason) => ({ variant, ...reason })));
  return html`<p>
      An entry is ranked when ten conditions hold. Anchors are shown all the same, since they hold the scale; what would
      bar them stands here as well.
    </p>
    ${table<{ variant: string } & NotRanked["reasons"][number]>(
      "Conditions that do not hold.",
      [
        { head: "Agent", cell: ({ variant }) => variant },
        { head: "Code", cell: ({ code }) => code },
        { head: "What came", cell: ({ came }) => came },
        { head: "What is wanted", cell: ({ wanted }) => wanted },
      ],
      rows,
    )}`;
}
