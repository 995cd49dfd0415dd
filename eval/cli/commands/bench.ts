import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { UsageError } from "../../errors.ts";
import { jsonOption } from "../options.ts";
import { note, print, printJson, printTable } from "../output.ts";
import type { BenchResult } from "../../../env/bench/result.ts";
import type { Wiring } from "../wiring.ts";

const FOLDER = "notes/runs/bench";

/** `oncall bench`: measurements against a baseline in the same run. */
export function benchCommand(wiring: Wiring): Command {
  return new Command("bench")
    .summary("measure speed against baselines in the same run")
    .description("Each benchmark runs its baseline and ours in turn. Machines differ: compare ratios, not figures.")
    .argument("[ids...]", "which benchmarks, such as P1 P5; all when absent")
    .option("--markdown <file>", "also write the table as Markdown")
    .addOption(jsonOption())
    .action(async (ids: readonly string[], { json, markdown }: { json?: true; markdown?: string }) => {
      const all = await wiring.benchmarks();
      const unknown = ids.find((id) => !all.some((benchmark) => benchmark.id === id));
      if (unknown !== undefined) {
        throw new UsageError(`Unknown benchmark "${unknown}". Benchmarks: ${all.map(({ id }) => id).join(", ")}.`);
      }
      const results: BenchResult[] = [];
      for (const benchmark of all.filter(({ id }) => ids.length === 0 || ids.includes(id))) {
        note(`${benchmark.id}: ${benchmark.title} …`);
        results.push(await benchmark.run());
      }
      mkdirSync(FOLDER, { recursive: true });
      const file = join(FOLDER, `${new Date().toISOString().replaceAll(":", "-")}.json`);
      writeFileSync(file, JSON.stringify({ node: process.version, results }, null, 2));
      if (markdown !== undefined) writeFileSync(markdown, asMarkdown(results));
      if (json) return printJson(results);
      show(results);
      print(`Written to ${file}`);
    });
}

const HEAD = ["id", "baseline", "ours", "ratio", "spread", "target"];

const figure = ({ name, value, unit }: BenchResult["ours"]): string => `${name}: ${rounded(value)} ${unit}`;

const cells = (result: BenchResult): string[] => [
  result.id,
  figure(result.baseline),
  figure(result.ours),
  result.ratio.toFixed(2),
  result.spread,
  result.target,
];

const line = (row: readonly string[]): string => `| ${row.join(" | ")} |`;

function asMarkdown(results: readonly BenchResult[]): string {
  return [
    "# Benchmarks",
    "",
    `Written by \`npm run bench -- --markdown FILE\` on ${process.platform} ${process.arch}, Node ${process.version}, ` +
      `${cpus()[0]?.model.trim() ?? "unknown processor"}, ${cpus().length} cores. Compare ratios, not figures.`,
    "",
    line(HEAD),
    line(HEAD.map(() => "---")),
    ...results.map((result) => line(cells(result))),
    "",
    ...results.map(({ id, title, bound }) => `- **${id}**, ${title}: bound by ${bound}.`),
    "",
  ].join("\n");
}

function show(results: readonly BenchResult[]): void {
  printTable(HEAD, results.map(cells));
  for (const { id, bound } of results) print(`${id} is bound by ${bound}`);
}

const rounded = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);
