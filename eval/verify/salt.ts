import type { RunRecord, TaskSpecRecord } from "../../env/store/store.ts";
import { sha256 } from "../../env/store/trajectory.ts";
import { evaluationSeed } from "../seeds.ts";

/** The salt of seeds that everyone can derive. */
const UNSALTED = sha256("");

export const isSalted = ({ saltSha256 }: Pick<RunRecord, "saltSha256">): boolean =>
  saltSha256 !== null && saltSha256 !== UNSALTED;

/** Whether the seeds of a run can be derived with this salt. */
export const knowsSalt = (run: RunRecord, salt: string): boolean => !isSalted(run) || run.saltSha256 === sha256(salt);

/** The seed that a slot of a planned run has. */
export const derivedSeed = (
  run: Pick<RunRecord, "baseSeed" | "saltSha256">,
  { taskId, specVersion }: TaskSpecRecord,
  trial: number,
  salt: string,
): number => evaluationSeed({ salt: isSalted(run) ? salt : "", baseSeed: run.baseSeed, taskId, specVersion, trial });
