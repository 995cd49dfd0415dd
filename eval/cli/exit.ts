import type { RunSummary } from "../run.ts";

/** What the exit code of a command means: 3 is below what was asked for, 4 to 6 can be resumed. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  threshold: 3,
  paused: 4,
  provider: 5,
  budget: 6,
  verification: 7,
  interrupted: 130,
} as const;

/** Exit code by how a sitting of a run ended. */
export const EXIT_OF: Readonly<Record<RunSummary["status"], number>> = {
  complete: EXIT.ok,
  failed: EXIT.failed,
  paused: EXIT.paused,
  taken_over: EXIT.paused,
  halted: EXIT.provider,
  budget_stopped: EXIT.budget,
};
