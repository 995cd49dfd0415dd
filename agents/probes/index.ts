import { alertMemoriser } from "./alert-memoriser.ts";
import { alertSweep } from "./alert-sweep.ts";
import { answerNoVerify } from "./answer-no-verify.ts";
import { bruteForce } from "./brute-force.ts";
import { configDiff } from "./config-diff.ts";
import { constantProbe } from "./constant.ts";
import type { Probe } from "./define.ts";
import { escalateAtOnce } from "./escalate-at-once.ts";
import { idle } from "./idle.ts";
import { inspectAllThenGuess } from "./inspect-all-then-guess.ts";
import { noneAtOnce } from "./none-at-once.ts";
import { randomDiagnosis } from "./random-diagnosis.ts";
import { restartAllThenGuess } from "./restart-all-then-guess.ts";
import { restartOneByOne } from "./restart-one-by-one.ts";
import { taskMemoriser } from "./task-memoriser.ts";
import { taskSweep } from "./task-sweep.ts";
import { tourThenSweep } from "./tour-then-sweep.ts";

/** Every degenerate policy, from the least to the best informed. */
export const probes: readonly Probe[] = [
  idle,
  escalateAtOnce,
  noneAtOnce,
  constantProbe(["web_server", "capacity"]),
  randomDiagnosis,
  inspectAllThenGuess,
  restartAllThenGuess,
  restartOneByOne,
  bruteForce,
  configDiff,
  alertMemoriser,
  alertSweep,
  taskMemoriser,
  taskSweep,
  tourThenSweep,
  answerNoVerify,
];
