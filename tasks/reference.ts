import { actionText } from "../env/core/actions/text.ts";
import type { Action } from "../env/core/actions/index.ts";
import { initial } from "../env/core/initial.ts";
import type { Instance } from "../env/core/initial.ts";
import type { FixStep, Task } from "../env/core/task.ts";
import { lookFor } from "./validate.ts";

/** The answer to one instance, in the text form of actions. Only the harness may ask for it, to give to the expert. */
export function referenceFor(task: Task, seed: number) {
  const { instance } = initial(task, seed);
  const { sibling } = instance;
  const looks = [...new Set(sibling.needed.map((item) => actionText(lookFor(item))))];
  const fix = (sibling.fixes[0] ?? []).map((step) => ("wait" in step ? step.wait : actionText(asAction(step))));
  const affected = sibling.fixes[0]?.find((step) => !("wait" in step));
  return {
    looks,
    fix,
    verify: `inspect_metrics(${affected !== undefined && "service" in affected ? affected.service : "web_server"})`,
    close: actionText(closeOf(instance)),
    patience: sibling.recovery_ticks,
  };
}

const asAction = (step: Exclude<FixStep, { wait: number }>): Action => step as Action;

function closeOf({ sibling, names }: Instance): Action {
  if (typeof sibling.answer === "object") {
    return { type: "escalate", reason: `The provider ${names[`provider.${sibling.answer.escalate}`]} fails.` };
  }
  const { service, fault } = sibling.diagnosis[0] as Instance["sibling"]["diagnosis"][number];
  return { type: "resolve_incident", service, fault, summary: "Reference answer." };
}
