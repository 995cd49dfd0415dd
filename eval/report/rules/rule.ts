import type { Verification } from "../../verify/verify.ts";
import type { Build } from "../build.ts";
import type { Entry } from "../entry.ts";

/** What an entry is judged by. */
export interface Evidence {
  readonly entry: Entry;
  readonly build: Build;
  /** Entries of the anchors under the same versions and seeds, from any run. */
  readonly anchors: readonly Entry[];
  /** Steps of the scored episodes, and those that a provider or our token limit cut. */
  readonly steps: StepTally;
  /** What replaying its run showed; null when it was not replayed. */
  readonly verification: Verification | null;
  /** Of the run's seeds; empty for the published ones. */
  readonly salt: string;
}

export interface StepTally {
  readonly all: number;
  readonly filtered: number;
  readonly truncated: number;
}

/** A condition of being ranked. */
export interface Rule {
  readonly code: string;
  /** What has to hold, for people. */
  readonly wants: string;
  /** What came instead, as sentences; none when it holds. */
  readonly failures: (evidence: Evidence) => readonly string[];
}

/** A sentence for a failure, or nothing. */
export const when = (failed: boolean, sentence: string): string[] => (failed ? [sentence] : []);

/** `2 %`, `98 %` */
export const percent = (share: number): string => `${Math.round(100 * share)} %`;
