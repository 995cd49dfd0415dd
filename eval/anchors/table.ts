import type { Bound } from "../../agents/probes/bounds.ts";
import type { AnchorRow, Anchors } from "./anchors.ts";

/** Bounds on figures that have a column, as the table writes them: `score < 0.05`. */
const boundsText = (bounds: readonly Bound[]): string =>
  tightest(bounds).join(", ").replaceAll("clean_success", "clean");

/** Of several upper bounds of one figure the lowest; the rest as they are. */
const tightest = (bounds: readonly Bound[]): Bound[] =>
  bounds.filter((bound) => {
    const [measure, relation, limit] = bound.split(" ");
    return !bounds.some((other) => {
      const [otherMeasure, otherRelation, otherLimit] = other.split(" ");
      return (
        otherMeasure === measure && otherRelation === relation && relation === "<" && Number(otherLimit) < Number(limit)
      );
    });
  });

/** The table of anchors in Markdown. */
export function anchorsTable({ rows }: Pick<Anchors, "rows">): string {
  const head = ["policy", "what it does", "score", "resolved", "success", "clean", "must hold"];
  return [head, head.map(() => "---"), ...rows.map(cells)].map((line) => `| ${line.join(" | ")} |`).join("\n");
}

const cells = (row: AnchorRow): string[] => [
  `\`${row.policy}\``,
  row.summary,
  ...[row.score, row.resolved, row.success, row.clean_success].map((figure) => figure.toFixed(2)),
  boundsText(row.bounds),
];
