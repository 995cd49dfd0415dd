import type { UpdateReport } from "../../agents/rl/trainer.ts";

/** Figures of the policy on training tasks under seeds that it never trained on. */
export interface Evaluation {
  /** Means over the episodes, 0 to 1. */
  readonly score: number;
  readonly success: number;
  readonly evidence: number;
}

/** One update, as it is logged. */
export interface CurveRow extends UpdateReport {
  /** Null where the policy was not evaluated after this update. */
  readonly evaluation: Evaluation | null;
  readonly stepsPerSecond: number;
  readonly etaSeconds: number;
}

/** Decimals that are worth keeping. */
const DIGITS = 5;

const number = (value: number | null | undefined): string =>
  value === null || value === undefined ? "" : String(Number(value.toFixed(DIGITS)));

/** The columns of the log: `score` is of the episodes played in training, `eval_…` of those on unseen seeds. */
const COLUMNS: readonly (readonly [name: string, cell: (row: CurveRow) => string])[] = [
  ["update", ({ updates }) => number(updates)],
  ["steps", ({ steps }) => number(steps)],
  ["episodes", ({ episodes }) => number(episodes)],
  ["bands", ({ bands }) => bands.join("+")],
  ["score", ({ score }) => number(score)],
  ["eval_score", ({ evaluation }) => number(evaluation?.score)],
  ["eval_success", ({ evaluation }) => number(evaluation?.success)],
  ["eval_evidence", ({ evaluation }) => number(evaluation?.evidence)],
  ["entropy", ({ entropy }) => number(entropy)],
  ["kl", ({ kl }) => number(kl)],
  ["clipped", ({ clipped }) => number(clipped)],
  ["policy_loss", ({ policyLoss }) => number(policyLoss)],
  ["value_loss", ({ valueLoss }) => number(valueLoss)],
  ["explained_variance", ({ explained }) => number(explained)],
  ["steps_per_s", ({ stepsPerSecond }) => number(Math.round(stepsPerSecond))],
  ["eta_s", ({ etaSeconds }) => number(Math.round(etaSeconds))],
];

export const CURVE_HEAD = COLUMNS.map(([name]) => name).join(",");

export const curveLine = (row: CurveRow): string => COLUMNS.map(([, cell]) => cell(row)).join(",");

/** A point of the learning curve, as a log holds it. */
export interface CurvePoint {
  readonly update: number;
  readonly steps: number;
  readonly bands: string;
  readonly score: number | null;
  readonly evalScore: number | null;
  readonly evalSuccess: number | null;
}

/** The points of a log; lines that were cut short are left out. */
export function readCurve(text: string): CurvePoint[] {
  const [head = "", ...lines] = text.split("\n");
  const names = head.split(",");
  return lines
    .map((line) => line.split(","))
    .filter(({ length }) => length === COLUMNS.length)
    .map((cells) => {
      const cell = (name: string): string => cells[names.indexOf(name)] ?? "";
      const value = (name: string): number | null => (cell(name) === "" ? null : Number(cell(name)));
      return {
        update: Number(cell("update")),
        steps: Number(cell("steps")),
        bands: cell("bands"),
        score: value("score"),
        evalScore: value("eval_score"),
        evalSuccess: value("eval_success"),
      };
    });
}

/** The head and the first `updates` updates of a log: what a checkpoint taken then knows of. */
export function curveUntil(text: string, updates: number): string {
  const lines = text.split("\n").slice(1);
  const kept = lines.filter((line) => {
    const cells = line.split(",");
    return cells.length === COLUMNS.length && Number(cells[0]) <= updates;
  });
  return [CURVE_HEAD, ...kept].map((line) => `${line}\n`).join("");
}
