import type { Action } from "./actions/index.ts";
import { actionText } from "./actions/text.ts";
import type { Names } from "./names.ts";
import type { Sibling } from "./task.ts";

/** The reference answer to a cause, in the text form of actions; a number is a wait of that many looks. */
export interface Answer {
  readonly fix: readonly (string | number)[];
  readonly close: string;
}

/** The first listed fix of a cause and the closing action with its first diagnosis; every value must be drawn. */
export const answerTo = (sibling: Sibling, names: Names): Answer => ({
  fix: (sibling.fixes[0] ?? []).map((step) => ("wait" in step ? step.wait : actionText(step as Action))),
  close: actionText(closeOf(sibling, names)),
});

function closeOf({ answer, diagnosis }: Sibling, names: Names): Action {
  if (typeof answer === "object") {
    return { type: "escalate", reason: `The provider ${names[`provider.${answer.escalate}`]} fails.` };
  }
  const { service, fault } = diagnosis[0] as Sibling["diagnosis"][number];
  return { type: "resolve_incident", service, fault };
}
