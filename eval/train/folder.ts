import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "../../agents/rl/save.ts";
import { UsageError } from "../errors.ts";
import { CURVE_HEAD, curveLine, curveUntil } from "./curve.ts";
import type { CurveRow } from "./curve.ts";

/** What a training leaves behind. */
export interface TrainFolder {
  /** The policy as it is, from which training goes on. */
  readonly checkpoint: string;
  /** The policy that did best on unseen seeds. */
  readonly best: string;
  readonly log: string;
  readonly figure: string;
  /** What it took so far. */
  readonly times: string;
}

export const trainFolder = (folder: string): TrainFolder => ({
  checkpoint: join(folder, "checkpoint.json"),
  best: join(folder, "best.json"),
  log: join(folder, "log.csv"),
  figure: join(folder, "learning-curve.svg"),
  times: join(folder, "times.json"),
});

/**
 * A folder for a new training, with an empty log.
 * @throws UsageError where there is one already: nothing is overwritten
 */
export function beginFolder(folder: string): TrainFolder {
  const files = trainFolder(folder);
  const there = [files.checkpoint, files.log].find(existsSync);
  if (there !== undefined) {
    throw new UsageError(`There is a training in "${folder}" already.`, "--resume to go on, or another --out");
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  replaceFile(files.log, `${CURVE_HEAD}\n`);
  return files;
}

/**
 * The text of the checkpoint from which a training goes on.
 * @throws UsageError where there is none
 */
export function checkpointIn(folder: string): string {
  const { checkpoint } = trainFolder(folder);
  if (!existsSync(checkpoint)) {
    throw new UsageError(`There is no checkpoint in "${folder}" to go on from.`, "the same without --resume");
  }
  return readFileSync(checkpoint, "utf8");
}

/** Takes back what was logged after the checkpoint: it will be played again. */
export function rewindLog({ log }: TrainFolder, updates: number): void {
  replaceFile(log, curveUntil(existsSync(log) ? readFileSync(log, "utf8") : "", updates));
}

export const addToLog = ({ log }: TrainFolder, row: CurveRow): void => appendFileSync(log, `${curveLine(row)}\n`);
