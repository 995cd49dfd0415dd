import cliProgress from "cli-progress";
import type { RunRecord } from "../../env/store/store.ts";
import { boardOf } from "../report/board.ts";
import type { Board } from "../report/board.ts";
import { thisBuild } from "../report/build.ts";
import type { ResultReader } from "../report/reader.ts";
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

/** The board of these runs, with replays shown on the terminal. */
export function replayedBoard(
  wiring: Pick<Wiring, "suite" | "frozenFolder">,
  reader: ResultReader,
  runs: readonly RunRecord[],
  { replay = true, salt = "" }: { readonly replay?: boolean; readonly salt?: string },
): Promise<Board> {
  const progress = showReplays();
  const build = thisBuild(wiring.suite, wiring.frozenFolder);
  return boardOf({ reader, runs, build, salt, replays: replay, onEpisode: progress.update }).finally(progress.stop);
}
