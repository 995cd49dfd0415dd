import { costSuccess } from "./cost-success.ts";
import type { CostRow, EndingRow, ProviderErrorRow, ReportInput } from "./data.ts";
import { html, type Markup } from "./html.ts";
import { outcomes } from "./outcomes.ts";
import { outcomeTable } from "./report-episodes.ts";
import { EMPTY, figureOf } from "./report-figure.ts";
import { table, type Column } from "./report-table.ts";
import { ABSENT, capitalised, decimal } from "./text.ts";

/** How episodes ended, and apart from that what providers did. */
export async function outcomesSection({ episodes, endings, providerErrors }: ReportInput): Promise<Markup> {
  if (episodes.length === 0) return EMPTY;
  const figure = await figureOf(
    outcomes(episodes),
    "Left: what was measured, as shares of the scored episodes. Right, where there are any: episodes that measured nothing, which enter no rate.",
  );
  return html`${figure} ${outcomeTable(episodes)} ${endingTable(endings)}
  ${providerErrors.length === 0 ? html`<p>No call to a provider failed.</p>` : providerErrorTable(providerErrors)}`;
}

/** Playing an episode again can favour tasks on which a provider fails less, so that these stand apart. */
function endingTable(rows: readonly EndingRow[]): Markup {
  const names = [...new Set(rows.flatMap(({ endings }) => Object.keys(endings)))];
  return table(
    "How scored episodes ended, and successes at the first attempt beside those of episodes that were played again.",
    [
      { head: "Agent", cell: ({ variant }) => variant },
      ...names.map((name): Column<EndingRow> => ({
        head: capitalised(name.replaceAll("_", " ")),
        numeric: true,
        cell: ({ endings }) => endings[name] ?? 0,
      })),
      { head: "First attempt", numeric: true, cell: ({ once }) => `${once.successes} of ${once.scored}` },
      { head: "Played again", numeric: true, cell: ({ again }) => `${again.successes} of ${again.scored}` },
    ],
    rows,
  );
}

const providerErrorTable = (rows: readonly ProviderErrorRow[]): Markup =>
  table(
    "Provider errors by class: failed calls, each repeated one counted, and episodes that they left unscored.",
    [
      { head: "Agent", cell: ({ variant }) => variant },
      { head: "Class", cell: ({ errorClass }) => errorClass },
      { head: "Failed calls", numeric: true, cell: ({ calls }) => calls },
      { head: "Unscored episodes", numeric: true, cell: ({ unscored }) => unscored },
    ],
    rows,
  );

/** Tokens and money, against what came of them. */
export async function costSection({ costs, episodes }: ReportInput): Promise<Markup> {
  const spent = costs.filter(
    ({ calls, totalCost, inputTokens }) => calls > 0 || totalCost !== null || inputTokens !== null,
  );
  if (spent.length === 0) return html`<p>No agent of this run called a model: nothing was spent.</p>`;
  const figure = costSuccess(costs, episodes);
  const drawn =
    figure === null
      ? html`<p>The cost of no agent is known. Prices belong in the configuration.</p>`
      : await figureOf(
          figure,
          "Mean cost of an episode against success. The dashed line joins agents than which none is both cheaper and better.",
        );
  return html`${drawn} ${costTable(spent)}`;
}

const costTable = (rows: readonly CostRow[]): Markup =>
  table(
    "Tokens and scored cost are of the scored episodes; the total has failed, lost and repeated calls too.",
    [
      { head: "Agent", cell: ({ variant }) => variant },
      {
        head: "Calls",
        numeric: true,
        cell: ({ calls, failedCalls }) => html`${calls}<small>${failedCalls} failed</small>`,
      },
      { head: "Tokens in", numeric: true, cell: ({ inputTokens }) => grouped(inputTokens) },
      { head: "Tokens out", numeric: true, cell: ({ outputTokens }) => grouped(outputTokens) },
      { head: "Scored cost", numeric: true, cell: ({ scoredCost }) => dollars(scoredCost) },
      { head: "Total cost", numeric: true, cell: totalCell },
      {
        head: "Per success",
        numeric: true,
        cell: ({ costPerSuccess, unpriced }) => atLeast(costPerSuccess, unpriced),
      },
      {
        head: "Latency p50",
        numeric: true,
        cell: ({ latencyP50, latencyP99 }) => html`${seconds(latencyP50)}<small>p99 ${seconds(latencyP99)}</small>`,
      },
      { head: "Waiting", numeric: true, cell: ({ waiting }) => seconds(waiting) },
    ],
    rows,
  );

const seconds = (value: number | null): string => (value === null ? ABSENT : `${decimal(value, 1)} s`);

const totalCell = ({ totalCost, unpriced }: CostRow): Markup =>
  unpriced === 0 || totalCost === null
    ? html`${dollars(totalCost)}`
    : html`${atLeast(totalCost, unpriced)}<small>${unpriced} unpriced</small>`;

/** What is unpriced makes a sum a lower bound. */
const atLeast = (amount: number | null, unpriced: number): string =>
  `${amount !== null && unpriced > 0 ? "≥ " : ""}${dollars(amount)}`;

const dollars = (amount: number | null): string =>
  amount === null ? ABSENT : `$${amount.toFixed(amount !== 0 && amount < 1 ? 4 : 2)}`;

const grouped = (tokens: number | null): string =>
  tokens === null ? ABSENT : `${Math.round(tokens)}`.replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
