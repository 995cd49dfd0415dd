import type { AnchorRow, Anchors } from "./anchors.ts";
import { tightest } from "./bounds.ts";

const HEAD = ["policy", "what it does", "score", "resolved", "success", "clean", "must hold"];

/** The table of anchors in Markdown. */
export const anchorsTable = ({ rows }: Pick<Anchors, "rows">): string =>
  [HEAD, HEAD.map(() => "---"), ...rows.map(cells)].map((line) => `| ${line.join(" | ")} |`).join("\n");

const cells = (row: AnchorRow): string[] => [
  `\`${row.policy}\``,
  row.summary,
  ...[row.score, row.resolved, row.success, row.clean_success].map((figure) => figure.toFixed(2)),
  tightest(row.bounds).join(", ").replaceAll("clean_success", "clean"),
];
