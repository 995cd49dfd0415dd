import cliProgress from "cli-progress";
import { budgetText } from "../../provider/budget.ts";
import { printable, printableLine } from "../output.ts";
import { episodeText, launchText, slotsByLabel } from "./lines.ts";
import { Tallies } from "./tally.ts";
import type { RunView } from "./view.ts";
import { waitText } from "./waits.ts";

/** A line for each variant with its bar, and one below that says why calls wait. For a terminal. */
export function showBars(): RunView {
  const screen = new cliProgress.MultiBar({
    format: "{label} {bar} {value}/{total} ETA {eta_formatted} | {text}",
    stream: process.stderr,
    barsize: 20,
    barCompleteChar: "#",
    barIncompleteChar: ".",
    hideCursor: true,
    clearOnComplete: false,
    gracefulExit: false,
    etaBuffer: 50,
    emptyOnZero: true,
  });
  const bars = new Map<string, cliProgress.SingleBar>();
  const tallies = new Tallies();
  let gate: cliProgress.SingleBar | null = null;
  const log = (text: string): void => screen.log(`${printable(text)}\n`);
  const waiting = (text: string): void => gate?.update(0, { text });

  return {
    launch: (plan, done) => {
      log(launchText(plan, done));
      const width = Math.max(...plan.variants.map(({ label }) => label.length));
      for (const [label, planned] of slotsByLabel(plan)) {
        bars.set(label, screen.create(planned, 0, { label: printableLine(label).padEnd(width), text: "" }));
      }
      gate = screen.create(1, 0, { text: "" }, { format: "{text}" });
    },
    episode: (event) => {
      tallies.add(event);
      const { label } = event.slot.variant;
      bars.get(label)?.update(tallies.of(label).ended, { text: tallies.of(label).text });
      if (event.error !== null) log(episodeText(event));
      waiting("");
    },
    halt: ({ variants, reason }) => log(`Stopped ${variants.join(", ")}: ${reason}`),
    budget: (stop) => log(budgetText(stop)),
    wait: (wait) => waiting(waitText(wait)),
    say: log,
    end: () => screen.stop(),
  };
}
