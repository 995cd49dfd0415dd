import type { EpisodePoint, Fact, ReportInput } from "./data.ts";
import { html, type Markup } from "./html.ts";
import { seedTable } from "./report-episodes.ts";
import { EMPTY } from "./report-figure.ts";
import { table } from "./report-table.ts";

/** Who played: everything that tells one agent from another, which are never pooled. */
export function agentsSection({ agents }: ReportInput): Markup {
  if (agents.length === 0) return EMPTY;
  return html`<div class="versions">
    ${agents.map(
      ({ variant, facts }) =>
        html`<details class="compact">
          <summary>${variant}</summary>
          ${factTable("What was known of it when it was played.", facts)}
        </details>`,
    )}
  </div>`;
}

/** How providers and budgets were treated. */
export const policySection = ({ policy }: ReportInput): Markup =>
  policy.length === 0
    ? EMPTY
    : html`<div class="versions">
        ${factTable("Retries, time-outs, rates, budgets and prices, as they were kept with the run.", policy)}
      </div>`;

/** What was played, and under which versions. */
export const versionsSection = ({ versions, episodes }: ReportInput): Markup =>
  html`<div class="versions">${factTable("Results compare only within equal versions.", versions)}</div>
    ${episodes.length === 0 ? null : seeds(episodes)}`;

const seeds = (episodes: readonly EpisodePoint[]): Markup =>
  html`<details class="compact">
    <summary>Seeds of every task</summary>
    ${seedTable(episodes)}
  </details>`;

const factTable = (caption: string, facts: readonly Fact[]): Markup =>
  table<Fact>(
    caption,
    [
      { head: "What", cell: ([name]) => name },
      { head: "Version or setting", cell: ([, value]) => value },
    ],
    facts,
  );
