import { join } from "node:path";
import cliProgress from "cli-progress";
import type { RunRecord } from "../../env/store/store.ts";
import { boardOf } from "../report/board.ts";
import type { Board } from "../report/board.ts";
import { thisBuild } from "../report/build.ts";
import type { ResultReader } from "../report/reader.ts";
import { databaseHash, readReceipt, writeReceipt } from "../verify/receipt.ts";
import { verifyRun } from "../verify/verify.ts";
import type { Verification } from "../verify/verify.ts";
import { runFolder } from "./run-folder.ts";
import type { Wiring } from "./wiring.ts";

/** Shows on a terminal how many episodes were replayed; says nothing elsewhere. */
export interface ReplayProgress {
  readonly update: (done: number, total: number) => void;
  readonly stop: () => void;
}

export function showReplays(): ReplayProgress {
  const bar = new cliProgress.SingleBar({
    format: "{bar} {value}/{total} episodes replayed",
    stream: process.stderr,
    barsize: 24,
    barCompleteChar: "#",
    barIncompleteChar: ".",
    hideCursor: true,
    clearOnComplete: true,
  });
  let total = -1;
  return {
    update: (done, of) => {
      if (of !== total) bar.start(of, done);
      total = of;
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}

interface ReplayOptions {
  readonly replay?: boolean;
  readonly salt?: string;
  /** The database, where a run that was replayed before need not be replayed again as long as no byte has changed. */
  readonly remembering?: string;
}

/** The board of these runs, with replays shown on the terminal. */
export async function replayedBoard(
  wiring: Pick<Wiring, "suite" | "frozenFolder">,
  reader: ResultReader,
  runs: readonly RunRecord[],
  { replay = true, salt = "", remembering }: ReplayOptions,
): Promise<Board> {
  const progress = showReplays();
  const build = thisBuild(wiring.suite, wiring.frozenFolder);
  const options = { salt, onEpisode: progress.update };
  try {
    const isRemembering = replay && remembering !== undefined;
    const verifications = isRemembering ? await verifyUnlessKnown(reader, runs, remembering, options) : [];
    return await boardOf({ reader, runs, build, replays: replay, verifications, ...options });
  } finally {
    progress.stop();
  }
}

async function verifyUnlessKnown(
  reader: ResultReader,
  runs: readonly RunRecord[],
  database: string,
  options: { readonly salt: string; readonly onEpisode: ReplayProgress["update"] },
): Promise<Verification[]> {
  const hash = databaseHash(database);
  const verifications: Verification[] = [];
  for (const run of runs) {
    const file = receiptFile(database, run.runId);
    const of = { database, runId: run.runId, salt: options.salt };
    const known = file === null ? null : readReceipt(file, of, hash);
    const verification = known ?? (await verifyRun(reader, run, options));
    if (file !== null && known === null) writeReceipt(file, verification, of, hash);
    verifications.push(verification);
  }
  return verifications;
}

/** Beside the run's other files; null for a run whose name leads elsewhere. */
function receiptFile(database: string, runId: string): string | null {
  try {
    return join(runFolder(database, runId), "replayed.json");
  } catch {
    return null;
  }
}
