import { resolve } from "../runbook/steps.ts";
import { BLIND } from "./bounds.ts";
import { defineProbe } from "./define.ts";
import { applyFix, redKey } from "./watch.ts";

export const alertMemoriser = defineProbe({
  name: "alert-memoriser",
  summary: "Gives the answer that was commonest for these red objectives in training, without a look.",
  needs: "alertAnswers",
  bounds: [...BLIND, "resolved < 0.3"],
  *play({ page, told }) {
    const answer = told[redKey(page)]?.[0];
    if (answer === undefined) return resolve(["none", "no_fault"]);
    yield* applyFix(page, answer);
    return answer.close;
  },
});
