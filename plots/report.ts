import type { EpisodePoint, ReportInput, Timeline } from "./data.ts";
import { episodeTimeline } from "./episode-timeline.ts";
import { evidenceSuccess } from "./evidence-success.ts";
import { history } from "./history.ts";
import { html, trusted, type Markup } from "./html.ts";
import { bandTable, gradeTable } from "./report-difficulty.ts";
import { conductTable, taskTable } from "./report-episodes.ts";
import { EMPTY, figureOf } from "./report-figure.ts";
import { agentsSection, policySection, versionsSection } from "./report-identity.ts";
import { costSection, outcomesSection } from "./report-providers.ts";
import { leaderboardSection, notRankedSection } from "./report-ranking.ts";
import { REPORT_STYLE } from "./report-style.ts";
import { scoreIntervals } from "./score-intervals.ts";
import { successByTask } from "./success-by-task.ts";
import { scoredOf, tasksOf } from "./summaries.ts";
import { percent } from "./text.ts";

/** Nothing may be loaded or run: a report can be opened, mailed and archived without trusting what agents wrote. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/**
 * The report of a run as one self-contained HTML page: figures inside, no scripts, no links out. The same input gives
 * the same bytes.
 */
export async function renderReport(input: ReportInput): Promise<string> {
  const sections = await sectionsOf(input);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${trusted(POLICY)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${input.title}</title>
        <style>
          ${trusted(REPORT_STYLE)}
        </style>
      </head>
      <body>
        <header>
          <div class="page">
            <p class="kicker">oncall-gym evaluation report</p>
            <h1>${input.title}</h1>
            <p class="for">${input.generatedFor}</p>
            ${facts(input.episodes)}
          </div>
        </header>
        <div class="page">
          <nav aria-label="Sections">
            <ol>
              ${sections.map(({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>`)}
            </ol>
          </nav>
          <main>
            ${sections.map(
              ({ id, heading, body }) =>
                html`<section id="${id}" aria-labelledby="${id}-heading">
                  <h2 id="${id}-heading">${heading}</h2>
                  ${body}
                </section>`,
            )}
          </main>
          <footer>
            Rates are means of task means with 95 % intervals. A dash means absent: there was nothing to estimate from.
          </footer>
        </div>
      </body>
    </html> `.text;
}

interface Section {
  readonly id: string;
  readonly heading: string;
  readonly body: Markup;
}

async function sectionsOf(input: ReportInput): Promise<Section[]> {
  const { episodes } = input;
  return [
    { id: "leaderboard", heading: "Leaderboard", body: leaderboardSection(input) },
    { id: "not-ranked", heading: "Not ranked", body: notRankedSection(input) },
    {
      id: "scores",
      heading: "Scores",
      body: await figureOf(
        scoreIntervals(episodes),
        "Mean score from 0 to 1: dots are means of task means, bars are 95 % bootstrap intervals over tasks. There is none under five tasks, nor where all tasks are alike.",
      ),
    },
    { id: "tasks", heading: "Success by task", body: await tasksSection(episodes) },
    { id: "difficulty", heading: "Difficulty, meant and measured", body: difficultySection(input) },
    { id: "conduct", heading: "Evidence and changes", body: await conductSection(episodes) },
    { id: "outcomes", heading: "Outcomes and errors", body: await outcomesSection(input) },
    { id: "cost", heading: "Cost", body: await costSection(input) },
    { id: "history", heading: "Over time", body: await historySection(input) },
    { id: "timelines", heading: "Replayed episodes", body: await timelinesSection(input.timelines) },
    { id: "agents", heading: "Agents and models", body: agentsSection(input) },
    { id: "policy", heading: "Policy", body: policySection(input) },
    { id: "versions", heading: "Suite, versions and seeds", body: versionsSection(input) },
    { id: "limitations", heading: "Limitations", body: limitationsSection(input.notes) },
  ];
}

function facts(episodes: readonly EpisodePoint[]): Markup {
  const scored = scoredOf(episodes).length;
  return html`<dl class="facts">
    ${fact("agents", new Set(episodes.map(({ variant }) => variant)).size)} ${fact("tasks", tasksOf(episodes).length)}
    ${fact("episodes", episodes.length)}
    ${fact("scored", percent(episodes.length === 0 ? null : scored / episodes.length))}
  </dl>`;
}

const fact = (name: string, value: string | number): Markup =>
  html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;

async function tasksSection(episodes: readonly EpisodePoint[]): Promise<Markup> {
  if (episodes.length === 0) return EMPTY;
  const figure = await figureOf(
    successByTask(episodes),
    "Successes / scored episodes. Darker is better; a dash means that no episode was scored.",
  );
  return html`${figure}
    <details class="compact">
      <summary>The same as a table, with mean scores</summary>
      ${taskTable(episodes)}
    </details>`;
}

function difficultySection(input: ReportInput): Markup {
  if (input.episodes.length === 0) return EMPTY;
  return html`<p>
      The rubric was fixed before anything was played:
      ${input.rubric.map(({ letter, means }) => `${letter} ${means}`).join("; ")}. A rank correlation near −1 says that
      an agent does worse the higher the rubric puts a task.
    </p>
    ${bandTable(input)}
    <details class="compact">
      <summary>Grades and mean scores of every task</summary>
      ${gradeTable(input)}
    </details>`;
}

async function conductSection(episodes: readonly EpisodePoint[]): Promise<Markup> {
  if (episodes.length === 0) return EMPTY;
  const figure = await figureOf(
    evidenceSuccess(episodes),
    "Far to the left and high up stands who acts without looking, and is lucky. Bars are 95 % intervals over tasks.",
  );
  return html`${figure} ${conductTable(episodes)}`;
}

async function historySection({ history: histories }: ReportInput): Promise<Markup> {
  const figure = history(histories);
  if (figure === null) return html`<p>No agent of this run was played before.</p>`;
  return figureOf(
    figure,
    "Mean score run by run with 95 % intervals. A line joins runs under equal suite and versions, and breaks where these changed.",
  );
}

async function timelinesSection(timelines: readonly Timeline[]): Promise<Markup> {
  if (timelines.length === 0) return EMPTY;
  const figures = await Promise.all(
    timelines.map(
      async (timeline) =>
        html`<h3>${timeline.title}</h3>
          ${await figureOf(episodeTimeline(timeline), "Top: what the agent did, in order. Below: each objective (dashed) and its value; shaded where the objective was missed. Vertical lines mark the page, each change and the close.")}`,
    ),
  );
  return html`${figures}`;
}

function limitationsSection(notes: readonly string[]): Markup {
  return html`<ul class="notes">
    ${notes.map((note) => html`<li>${note}</li>`)}
  </ul>`;
}
