import type { Remedy } from "./actions/index.ts";
import type { Accepted, FixStep, Sibling } from "./task.ts";

/** Whether a change belongs to an accepted fix. */
export const isRight = (sibling: Sibling, action: Remedy): boolean =>
  sibling.accepted.some((accepted) => accepts(accepted, action));

function accepts(accepted: Accepted, action: Remedy): boolean {
  if ("restart" in accepted) return action.type === "restart_service" && action.service === accepted.restart;
  if (action.type !== "update_config" || action.service !== accepted.service || action.key !== accepted.key)
    return false;
  const { value } = action;
  if (accepted.or !== undefined && value === accepted.or) return true;
  if (accepted.is !== undefined && accepted.is.includes(value)) return true;
  if (accepted.between === undefined || typeof value !== "number") return false;
  return value >= accepted.between[0] && value <= accepted.between[1];
}

/** Whether a right change sheds load on purpose, until its key is set again. */
export const isShedding = (sibling: Sibling, action: Remedy): boolean =>
  sibling.accepted.some((accepted) => "sheds" in accepted && accepted.sheds === true && accepts(accepted, action));

/** Whether a change is the first of a declared distractor; half of a right answer is right, not a distractor. */
export const isDistractor = (sibling: Sibling, action: Remedy): boolean =>
  !isRight(sibling, action) && sibling.distractors.some(([first]) => first !== undefined && sameStep(first, action));

function sameStep(step: FixStep, action: Remedy): boolean {
  if ("wait" in step || step.type !== action.type || step.service !== action.service) return false;
  if (step.type === "restart_service" || action.type === "restart_service") return true;
  return step.key === action.key && step.value === action.value;
}
