import type { Observation } from "../../env/contract/index.ts";
import { metrics } from "../runbook/steps.ts";
import { alertKey } from "./knowledge.ts";
import type { KnownAnswer } from "./knowledge.ts";

/** A part of a policy, played by `yield*`: gives the last observation. */
type Watch = Generator<string, Observation, Observation>;

/** A look that shows the panel again and costs little. */
const GLANCE = metrics("web_server");
/** Looks that a change gets to show on the panel. */
const PATIENCE = 3;

const isGreen = ({ slo }: Observation): boolean => slo.every(({ ok }) => ok);

/** The red objectives of the panel as a key of what was learnt. */
export const redKey = ({ slo }: Observation): string => alertKey(slo.filter(({ ok }) => !ok).map(({ name }) => name));

/** Whether a step is left besides the one that closes. */
export const canAct = ({ steps_left }: Observation): boolean => steps_left > 1;

export const canChange = (seen: Observation): boolean => canAct(seen) && seen.changes_left > 0;

/** Applies the changes of an answer, with its waits, as far as the budgets allow. */
export function* applyFix(before: Observation, { fix }: KnownAnswer): Watch {
  let seen = before;
  for (const step of fix) {
    if (typeof step === "number") {
      for (let i = 0; i < step && canAct(seen); i += 1) seen = yield GLANCE;
    } else if (canChange(seen)) seen = yield step;
  }
  return seen;
}

/** Looks on until the panel is green, a few times at most. */
function* awaitGreen(before: Observation): Watch {
  let seen = before;
  for (let i = 0; i < PATIENCE && !isGreen(seen) && canAct(seen); i += 1) seen = yield GLANCE;
  return seen;
}

/**
 * Tries answers in turn until one turns the panel green.
 * @returns the closing action of that answer; null when none did
 */
export function* sweep(
  page: Observation,
  answers: readonly KnownAnswer[],
): Generator<string, string | null, Observation> {
  let seen = page;
  for (const answer of answers) {
    if (answer.fix.length === 0) continue;
    if (!canChange(seen)) break;
    seen = yield* awaitGreen(yield* applyFix(seen, answer));
    if (isGreen(seen)) return answer.close;
  }
  return null;
}
