import type { SloName } from "../../env/contract/index.ts";
import type { Notebook } from "./notebook.ts";
import type { Diagnosis, Step } from "./steps.ts";

/** A line of a runbook: what one sees, where one looks next, and, once that confirms it, what one does. */
export type Rule = Pointer | Cure | Handover;

interface Hypothesis {
  /** The thought, in a few words. */
  readonly name: string;
  /** What makes one think of it. What was not looked at yet never does. */
  readonly when: (seen: Notebook) => boolean;
  /** Looks that must come before anything is done about it, in this order. */
  readonly look: readonly Step[];
  /** What these looks must have shown; absent: nothing further. */
  readonly confirm?: (seen: Notebook) => boolean;
}

/** Says where to look next, and no more. */
interface Pointer extends Hypothesis {
  readonly kind: "pointer";
}

/** Changes something of ours. */
export interface Cure extends Hypothesis {
  readonly kind: "cure";
  readonly blame: Diagnosis;
  /** The changes, in order. */
  readonly change: (seen: Notebook) => readonly [Step, ...Step[]];
}

/** Hands the incident to someone outside. */
interface Handover extends Hypothesis {
  readonly kind: "handover";
  readonly reason: (seen: Notebook) => string;
}

/** What to look at first, and what to think then. */
export interface Chapter {
  /** Looks that are always made first. */
  readonly survey: readonly Step[];
  /** Checked top down; the first that holds is followed. */
  readonly rules: readonly Rule[];
  /** What it is called when nothing matched. */
  readonly guess: Diagnosis;
}

/** The chapter for one objective on the pager's panel. */
export interface Family extends Chapter {
  readonly objective: SloName;
}
