import { clearScreenDown, cursorTo } from "node:readline";
import { Command } from "commander";
import { systemClock } from "../../clock.ts";
import type { RunStatus } from "../../watch/run-status.ts";
import { statusText } from "../../watch/status-text.ts";
import { EXIT, EXIT_OF } from "../exit.ts";
import { wholeNumber } from "../options.ts";
import { jsonText, print } from "../output.ts";
import { reading } from "../reading.ts";
import type { Wiring } from "../wiring.ts";
import { findWatched, statusNow, withStatusOptions } from "./status.ts";
import type { StatusOptions } from "./status.ts";

interface WatchOptions extends StatusOptions {
  readonly every?: number;
  readonly once?: true;
}

/** Seconds between two looks, unless `--every` says otherwise. */
const ON_SCREEN_S = 1;
const ELSEWHERE_S = 30;

/** `oncall watch [RUN]`: the same as `status` again and again, until the run has ended. */
export function watchCommand(wiring: Wiring): Command {
  const command = new Command("watch")
    .summary("follow a run from another terminal until it ends")
    .description(
      "Shows how far a run is, and why it waits, again and again: on a terminal in place, elsewhere as blocks, with " +
        "--json as one line of JSON each. Ends when the run has ended, with the exit code of the run.",
    )
    .option(
      "--every <seconds>",
      `between two looks; ${ON_SCREEN_S} on a terminal, else ${ELSEWHERE_S}`,
      wholeNumber(1, 86_400),
    )
    .option("--once", "look once");
  return withStatusOptions(command).action((id: string | undefined, options: WatchOptions) =>
    reading(wiring, options.db, async (store) => {
      const { runId } = await findWatched(store, id);
      for (;;) {
        const status = await statusNow(store, runId, options);
        show(status, options);
        if (hasEnded(status) || options.once === true) return void (process.exitCode = exitCode(status));
        await systemClock.sleep(1000 * everySeconds(options));
      }
    }),
  );
}

const isOnScreen = ({ json, once }: WatchOptions): boolean => process.stdout.isTTY && json !== true && once !== true;

const everySeconds = (options: WatchOptions): number =>
  options.every ?? (process.stdout.isTTY ? ON_SCREEN_S : ELSEWHERE_S);

function show(status: RunStatus, options: WatchOptions): void {
  if (options.json === true) return print(jsonText(status));
  const text = statusText(status, options.by);
  if (!isOnScreen(options)) return print(`${text}\n`);
  cursorTo(process.stdout, 0, 0);
  clearScreenDown(process.stdout);
  print(fitting(text, process.stdout));
}

/** As much of it as a terminal shows without scrolling. */
function fitting(text: string, { rows, columns }: Pick<NodeJS.WriteStream, "rows" | "columns">): string {
  const lines = text.split("\n");
  const heights = lines.map((line) => Math.max(1, Math.ceil(line.length / columns)));
  const heightOf = (n: number): number => heights.slice(0, n).reduce((sum, height) => sum + height, 0);
  if (!(heightOf(lines.length) >= rows)) return text; // the cursor needs a row, too
  const shown = lines.findLastIndex((_, i) => heightOf(i + 1) <= rows - 2);
  return [...lines.slice(0, shown + 1), `… ${lines.length - shown - 1} more lines: oncall status`].join("\n");
}

const hasEnded = ({ run: { status } }: RunStatus): boolean => status !== "planned" && status !== "running";

function exitCode({ run: { status } }: RunStatus): number {
  if (status === "planned" || status === "running") return EXIT.ok;
  return status === "cancelled" ? EXIT.failed : EXIT_OF[status];
}
