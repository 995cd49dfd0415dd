import { actionText } from "../env/core/actions/text.ts";
import { answerTo } from "../env/core/answer.ts";
import { referenceSteps } from "../env/core/checks.ts";
import { initial } from "../env/core/initial.ts";
import type { Instance } from "../env/core/initial.ts";
import { symptomServices } from "../env/core/slo.ts";
import { BUDGETS } from "../env/core/task.ts";
import type { Task } from "../env/core/task.ts";
import { lookFor } from "./validate.ts";

/** The answer to one instance, in the text form of actions. Only the harness may ask for it, to give to the expert. */
export function referenceFor(task: Task, seed: number) {
  const { instance } = initial(task, seed);
  const { sibling, names } = instance;
  const looks = [...symptomLook(instance), ...new Set(sibling.needed.map((item) => actionText(lookFor(item))))];
  const affected = sibling.fixes[0]?.find((step) => !("wait" in step));
  return {
    looks,
    ...answerTo(sibling, names),
    verify: `inspect_metrics(${affected !== undefined && "service" in affected ? affected.service : "web_server"})`,
    patience: sibling.recovery_ticks,
  };
}

/** A look at where the symptom shows, unless the evidence leads there anyway or the step budget has no room. */
function symptomLook({ task, sibling }: Instance): string[] {
  const services = symptomServices(task.pages_on);
  const led = sibling.needed.some(({ service }) => services.includes(service));
  return led || referenceSteps(sibling) >= BUDGETS[task.difficulty].steps ? [] : [`inspect_metrics(${services[0]})`];
}
