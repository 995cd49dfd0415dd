import { InvalidArgumentError, Option } from "commander";

/** Where results are kept unless `--db` says otherwise. */
export const DEFAULT_DB = "notes/runs/oncall.db";

/** A whole number in a range, as an argument parser. */
export const wholeNumber =
  (least: number, most: number = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = /^-?\d+$/.test(text) ? Number(text) : NaN;
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };

export const dbOption = (): Option =>
  new Option("--db <file>", "database of results").env("ONCALL_DB").default(DEFAULT_DB);

export const jsonOption = (): Option => new Option("--json", "print JSON");

export const runOption = (): Option => new Option("--run <id>", "which run; the newest when absent");
