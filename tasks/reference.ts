import { actionText } from "../env/core/actions/text.ts";
import type { Action } from "../env/core/actions/index.ts";
import { referenceSteps } from "../env/core/checks.ts";
import { initial } from "../env/core/initial.ts";
import type { Instance } from "../env/core/initial.ts";
import { symptomServices } from "../env/core/slo.ts";
import { BUDGETS } from "../env/core/task.ts";
import type { FixStep, Task } from "../env/core/task.ts";
import { lookFor } from "./validate.ts";

/** The answer to one instance, in the text form of actions. Only the harness may ask for it, to give to the expert. */
export function referenceFor(task: Task, seed: number) {
  const { instance } = initial(task, seed);
  const { sibling } = instance;
  const looks = [...symptomLook(instance), ...new Set(sibling.needed.map((item) => actionText(lookFor(item))))];
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

/** A look at where the symptom shows, unless the evidence leads there anyway or the step budget has no room. */
function symptomLook({ task, sibling }: Instance): string[] {
  const services = symptomServices(task.pages_on);
  const led = sibling.needed.some(({ service }) => services.includes(service));
  return led || referenceSteps(sibling) >= BUDGETS[task.difficulty].steps ? [] : [`inspect_metrics(${services[0]})`];
}

const asAction = (step: Exclude<FixStep, { wait: number }>): Action => step as Action;

function closeOf({ sibling, names }: Instance): Action {
  if (typeof sibling.answer === "object") {
    return { type: "escalate", reason: `The provider ${names[`provider.${sibling.answer.escalate}`]} fails.` };
  }
  const { service, fault } = sibling.diagnosis[0] as Instance["sibling"]["diagnosis"][number];
  return { type: "resolve_incident", service, fault, summary: "Reference answer." };
}
