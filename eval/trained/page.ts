import type { TrainedResults } from "./results.ts";
import { tasksTable, trainingsTable } from "./tables.ts";

/** The page beside the policies that ship, in Markdown. */
export function shippedPage(results: TrainedResults): string {
  const { trainings, trials, suite } = results;
  const figures = trainings.map(({ agent }) => agent.replace(/^rl:/, ""));
  return `${[
    "# Policies that ship",
    "Written by `npx tsx eval/trained/main.ts`, which plays them again. Each plays as `rl:` with its file, for example " +
      "`npm run oncall -- run --agents runbook,rl:agents/rl/shipped/second-stage.json --split test`. They hold their " +
      "weights in single precision and nothing that only further training needs.",
    trainingsTable(results).replaceAll("(agents/rl/shipped/", "("),
    `Every incident of ${suite}, ${trials} trials each under evaluation seeds: mean score, and in brackets the share of ` +
      "successes. Policies were trained on the incidents of the train split alone.",
    tasksTable(results),
    ...figures.map((name) => `![Learning curve of ${name}](${name}.svg)`),
  ].join("\n\n")}\n`;
}
