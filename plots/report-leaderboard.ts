import type { Estimate, LeaderboardRow } from "./data.ts";
import { html, type Markup } from "./html.ts";
import { table, type Column } from "./report-table.ts";
import { ABSENT, decimal, percent } from "./text.ts";

/** The leaderboard in the order of its rows: each rate with its 95 % interval and its n. */
export const leaderboardTable = (rows: readonly LeaderboardRow[]): Markup =>
  table("Agents in order of rank. Small print: 95 % interval, number of episodes.", COLUMNS, rows);

const COLUMNS: readonly Column<LeaderboardRow>[] = [
  { head: "Agent", cell: ({ variant }) => variant },
  { head: "Rank", numeric: true, cell: ({ rank }) => html`<span class="rank">${rank}</span>` },
  {
    head: "Success",
    numeric: true,
    cell: ({ successRate }) =>
      html`<div class="success">
        ${bar(successRate)}
        <div>${withInterval(successRate, percent)}</div>
      </div>`,
  },
  {
    head: "All of k pages",
    numeric: true,
    cell: ({ allOfK }) =>
      allOfK === null ? html`${ABSENT}` : html`${withInterval(allOfK, percent)}<small>k = ${allOfK.k}</small>`,
  },
  { head: "Mean score", numeric: true, cell: ({ meanScore }) => withInterval(meanScore, decimal) },
  share("Evidence seen", ({ evidenceCoverage }) => evidenceCoverage),
  share("Wrong changes", ({ wrongRemediationRate }) => wrongRemediationRate),
  share("Distractors applied", ({ distractorRate }) => distractorRate),
  share("Invalid actions", ({ invalidActionRate }) => invalidActionRate),
  { head: "Mean steps", numeric: true, cell: ({ meanSteps }) => decimal(meanSteps, 1) },
  { head: "Successes", numeric: true, cell: coverage },
];

function share(head: string, of: (row: LeaderboardRow) => Estimate): Column<LeaderboardRow> {
  return { head, numeric: true, cell: (row) => withInterval(of(row), percent) };
}

function withInterval({ value, lower, upper, n }: Estimate, write: (value: number | null) => string): Markup {
  if (value === null) return html`${ABSENT}`;
  const interval = lower === null || upper === null ? "no interval" : `${write(lower)} to ${write(upper)}`;
  return html`${write(value)}<small>${interval.replace(" % to", " to")}</small><small>n ${n}</small>`;
}

/** Successes of scored episodes; and what the unscored ones leave open, where there are any. */
function coverage({ successes, episodes, planned, atLeast, atMost }: LeaderboardRow): Markup {
  const counted = `${successes} of ${episodes}`;
  if (episodes === planned) return html`${counted}`;
  return html`${counted}<small>${`${planned} planned`}</small><small>${`${percent(atLeast)} at least`}</small
    ><small>${`${percent(atMost)} at most`}</small>`;
}

const BAR_PX = 96;

/** A bar from 0 to 1 with its interval; the number beside it says the same, so it is hidden from screen readers. */
function bar({ value, lower, upper }: Estimate): Markup {
  if (value === null) return html``;
  const interval =
    lower === null || upper === null
      ? html``
      : html`<path class="whisker" d="M${px(lower)} 8H${px(upper)}M${px(lower)} 4V12M${px(upper)} 4V12" />`;
  return html`<svg class="bar" width="${BAR_PX + 2}" height="16" aria-hidden="true">
    <rect class="track" x="1" y="3" width="${BAR_PX}" height="10" />
    <rect class="fill" x="1" y="3" width="${px(value) - 1}" height="10" />
    ${interval}
  </svg>`;
}

const px = (of: number): number => Math.round(10 * (1 + BAR_PX * of)) / 10;
