import type { Plan } from "../../plan.ts";
import type { BudgetStop } from "../../provider/budget.ts";
import type { GateWait } from "../../provider/gate.ts";
import type { EpisodeEvent, RunSummary, StoppedVariants } from "../../run.ts";
import { showBars } from "./bars.ts";
import { showLines } from "./lines.ts";
import { streamJson } from "./stream.ts";

/** How a run is followed while it is played. */
export interface RunView {
  /** @param done slots that were scored in earlier sittings */
  readonly launch: (plan: Plan, done: number) => void;
  readonly episode: (event: EpisodeEvent) => void;
  readonly halt: (stopped: StoppedVariants) => void;
  readonly budget: (stop: BudgetStop) => void;
  /** A call that has to wait: told again in every slice of the wait. */
  readonly wait: (wait: GateWait) => void;
  /** A remark for people. */
  readonly say: (text: string) => void;
  /** Called once, also when the run has failed: then without a summary. */
  readonly end: (summary: RunSummary | null) => void;
}

/** JSON for programs, a screen that is kept up to date on a terminal, plain lines elsewhere. */
export const runView = (json: boolean): RunView =>
  json ? streamJson() : process.stderr.isTTY ? showBars() : showLines();
