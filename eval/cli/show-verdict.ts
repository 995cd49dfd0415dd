import type { Verdict } from "../../env/contract/index.ts";
import { print, printTable } from "./output.ts";

/** What an episode was worth, and why. */
export function showVerdict(verdict: Verdict): void {
  print(
    `\nScore ${verdict.score.toFixed(3)}${verdict.success ? ", a success" : ""}. The cause: ${verdict.diagnosis.accepted.join(" or ")}.`,
  );
  printTable(
    ["part", "points"],
    Object.entries(verdict.points).map(([part, points]) => [part, points.toFixed(3)]),
  );
  printTable(
    ["evidence", "seen at step"],
    verdict.evidence.map(({ item, seen_at_step }) => [item, seen_at_step === null ? "–" : `${seen_at_step}`]),
  );
  if (verdict.changes.length > 0) {
    printTable(
      ["change", "step", "right", "harmful"],
      verdict.changes.map(({ action, step, right, harmful }) => [
        action,
        `${step}`,
        right ? "yes" : "no",
        harmful ? "yes" : "no",
      ]),
    );
  }
}
