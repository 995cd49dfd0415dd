import { readFileSync } from "node:fs";

/** Where a pause is asked for unless `--pause-file` says otherwise. */
export const PAUSE_FILE = "notes/runs/pause.flag";

/** `episode`: stop after the episodes that run; `now`: send nothing more. */
export type PauseRequest = "none" | "episode" | "now";

/** Longer than what anybody writes into it. */
const MOST_CHARS = 64;

/**
 * What the pause file asks for: an absent one nothing, one that says `now` to stop at once, any other to stop after the
 * episodes that run. What is there but cannot be read asks for the latter too: somebody put it there.
 */
export function readPauseFile(file: string = PAUSE_FILE): PauseRequest {
  try {
    return readFileSync(file, "utf8").slice(0, MOST_CHARS).trim() === "now" ? "now" : "episode";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "none" : "episode";
  }
}
