import type { RunRecord } from "../../env/store/store.ts";
import { anchorsFor, boardOf, isRanked } from "../report/board.ts";
import type { Board, BoardRequest } from "../report/board.ts";
import type { Build } from "../report/build.ts";
import { readEntries } from "../report/entry.ts";
import type { ResultReader } from "../report/reader.ts";
import type { Problem } from "../verify/problem.ts";
import { isSound, verifyRun } from "../verify/verify.ts";
import type { Verification } from "../verify/verify.ts";
import { readBundle } from "./bundle/read.ts";
import { bundleReader } from "./bundle/reader.ts";

/** The run, and those runs beside it that hold the anchors which it is held against. */
export async function submittedRuns(reader: ResultReader, run: RunRecord): Promise<RunRecord[]> {
  const anchors = await anchorsFor(reader, [run], await readEntries(reader, run));
  const beside = new Map(anchors.map((entry) => [entry.run.runId, entry.run]));
  beside.delete(run.runId);
  return [run, ...beside.values()];
}

/** What a bundle turned out to be. */
export interface Validation {
  /** Files that are not as the manifest says. */
  readonly problems: readonly Problem[];
  readonly verifications: readonly Verification[];
  readonly board: Board;
  /** Entries besides anchors, and those of them that are ranked. */
  readonly entries: readonly string[];
  readonly eligible: readonly string[];
}

/** Whether hashes and replays are as they should be; eligibility is another question. */
export const isIntact = ({ problems, verifications }: Validation): boolean =>
  problems.length === 0 && verifications.every(isSound);

export interface ValidateOptions extends Pick<BoardRequest, "onEpisode"> {
  readonly build: Build;
  readonly salt?: string;
}

/**
 * Checks a bundle's hashes, replays every episode in it, and applies the ten conditions.
 * @throws UsageError when it cannot be read
 */
export async function validateBundle(folder: string, options: ValidateOptions): Promise<Validation> {
  const { records, problems } = readBundle(folder);
  const reader = bundleReader(records);
  const runs = await reader.runs();
  const verifications: Verification[] = [];
  for (const run of runs) verifications.push(await verifyRun(reader, run, options));
  const board = await boardOf({ reader, runs, ...options, verifications });
  const agents = board.rows.filter(({ table }) => table !== "anchors");
  return {
    problems,
    verifications,
    board,
    entries: agents.map(({ label }) => label),
    eligible: agents.filter(isRanked).map(({ label }) => label),
  };
}
