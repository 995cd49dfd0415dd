import type { Bound, Measure } from "../../agents/probes/bounds.ts";
import type { AnchorRow, Anchors } from "./anchors.ts";

/** Says which bounds are exceeded, one sentence each; none when all hold. */
export function exceeded({ rows }: Pick<Anchors, "rows">): string[] {
  const runbook = rows.find(({ policy }) => policy === "runbook")?.score;
  return rows.flatMap((row) =>
    row.bounds
      .filter((bound) => !holds(row, bound, runbook))
      .map((bound) => `${row.policy}: expected ${bound}, got ${row[partsOf(bound).measure]}.`),
  );
}

/** A bound against the runbook holds where that was not played. */
function holds(row: AnchorRow, bound: Bound, runbook = Infinity): boolean {
  const { measure, relation, limit } = partsOf(bound);
  const value = row[measure];
  const against = limit === "runbook" ? runbook : Number(limit);
  switch (relation) {
    case "<":
      return value < against;
    case "<=":
      return value <= against;
    case ">":
      return value > against;
    case ">=":
      return value >= against;
  }
}

/** Of several ceilings of one figure the lowest; the rest as they are. */
export const tightest = (bounds: readonly Bound[]): Bound[] => bounds.filter((bound) => !bounds.some(isBelow(bound)));

const isBelow = (bound: Bound) => (other: Bound) => {
  const [one, two] = [partsOf(bound), partsOf(other)];
  const sameFigure = one.measure === two.measure && one.relation === "<" && two.relation === "<";
  return sameFigure && Number(two.limit) < Number(one.limit);
};

interface Parts {
  readonly measure: Measure;
  readonly relation: "<" | "<=" | ">" | ">=";
  /** A number, or `runbook`. */
  readonly limit: string;
}

function partsOf(bound: Bound): Parts {
  const [measure, relation, limit] = bound.split(" ") as [Measure, Parts["relation"], string];
  return { measure, relation, limit };
}
