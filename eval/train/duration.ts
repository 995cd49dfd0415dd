import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";

/** What a training took, over all its sittings. Unlike all else that it leaves behind, it differs from time to time. */
const Duration = z.strictObject({
  steps: z.int().min(0),
  episodes: z.int().min(0),
  updates: z.int().min(0),
  /** Seconds on the clock. */
  wall_s: z.number().min(0),
  /** Seconds of work of all threads; null where it was not measured. */
  cpu_s: z.number().min(0).nullable(),
});
export type Duration = z.output<typeof Duration>;

const NONE: Duration = { steps: 0, episodes: 0, updates: 0, wall_s: 0, cpu_s: 0 };

/** What a file says; nothing where there is none. */
export const readDuration = (file: string): Duration =>
  existsSync(file) ? Duration.parse(JSON.parse(readFileSync(file, "utf8"))) : NONE;

/** @param before of earlier sittings @param wallMs of this one @param cpu of this one, in microseconds */
export const addedTo = (
  before: Duration,
  counters: Pick<Duration, "steps" | "episodes" | "updates">,
  wallMs: number,
  { user, system }: NodeJS.CpuUsage,
): Duration => ({
  ...counters,
  wall_s: rounded(before.wall_s + wallMs / 1000),
  cpu_s: before.cpu_s === null ? null : rounded(before.cpu_s + (user + system) / 1e6),
});

const rounded = (seconds: number): number => Math.round(10 * seconds) / 10;
