import { createHash } from "node:crypto";
import { canonicalJson } from "./canonical.ts";

export { canonicalJson, sha256 } from "./canonical.ts";

/** What one step adds to the trajectory: what was done, what was seen, whether it was the end. */
export interface TrajectoryStep {
  /** As the environment took it; any JSON value, since an invalid action is a step as well. */
  readonly action: unknown;
  readonly observation: unknown;
  readonly terminated: boolean;
  readonly truncated: boolean;
}

/** One line of the canonical JSONL, without its newline. Throws a TypeError as `canonicalJson` does. */
export const trajectoryLine = ({ action, observation, terminated, truncated }: TrajectoryStep): string =>
  canonicalJson({ action, observation, terminated, truncated });

/** The same line from an action and an observation that are canonical JSON already. */
export const lineFrom = (action: string, observation: string, terminated: boolean, truncated: boolean): string =>
  `{"action":${action},"observation":${observation},"terminated":${terminated},"truncated":${truncated}}`;

/**
 * SHA-256 of the canonical JSONL of an episode, each line ended by a newline: what must be equal on every machine,
 * Node version and transport. It holds no reward, and so changes with the environment version only.
 */
export function trajectoryHash(lines: Iterable<string>): string {
  const hash = createHash("sha256");
  for (const line of lines) hash.update(`${line}\n`, "utf8");
  return hash.digest("hex");
}

/** SHA-256 of the rewards, one number per line: apart from the trajectory, as it changes with the scoring version. */
export const rewardsHash = (rewards: Iterable<number>): string => trajectoryHash(Array.from(rewards, canonicalJson));
