import { resolve } from "../runbook/steps.ts";
import { BLIND } from "./bounds.ts";
import { defineProbe } from "./define.ts";
import { redKey, sweep } from "./watch.ts";

export const alertSweep = defineProbe({
  name: "alert-sweep",
  summary: "Tries every answer learnt for these red objectives in turn, watching the panel.",
  needs: "alertAnswers",
  bounds: BLIND,
  *play({ page, told }) {
    const answers = told[redKey(page)] ?? [];
    return (yield* sweep(page, answers)) ?? answers[0]?.close ?? resolve(["none", "no_fault"]);
  },
});
