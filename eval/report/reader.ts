import type { ResultStore } from "../../env/store/store.ts";

/** Stored results as those see them who only read: a database, or a bundle of files. */
export type ResultReader = Pick<
  ResultStore,
  | "runs"
  | "run"
  | "latestRun"
  | "suite"
  | "variants"
  | "taskSpecs"
  | "slots"
  | "episodes"
  | "steps"
  | "events"
  | "calls"
>;
