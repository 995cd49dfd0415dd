import { SERVICES } from "../../env/contract/index.ts";
import { logs, metrics, resolve } from "../runbook/steps.ts";
import { defineProbe } from "./define.ts";
import { redKey, sweep } from "./watch.ts";

/** Steps kept back for the sweep. */
const SWEEP_STEPS = 6;

export const tourThenSweep = defineProbe({
  name: "tour-then-sweep",
  summary: "Looks at all metrics and logs, reads nothing, then tries every answer learnt for the red objectives.",
  needs: "alertAnswers",
  bounds: ["score < 0.45", "clean_success < 0.2", "score < runbook"],
  *play({ page, told }) {
    const answers = told[redKey(page)] ?? [];
    let seen = page;
    for (const service of SERVICES) {
      for (const look of [metrics, logs]) if (seen.steps_left > SWEEP_STEPS) seen = yield look(service);
    }
    return (yield* sweep(seen, answers)) ?? answers[0]?.close ?? resolve(["none", "no_fault"]);
  },
});
