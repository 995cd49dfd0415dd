import { restart } from "../runbook/steps.ts";
import { BLIND } from "./bounds.ts";
import { defineProbe } from "./define.ts";
import { guess } from "./guess.ts";
import { RESTART_ORDER } from "./restart-order.ts";
import { canChange } from "./watch.ts";

export const restartAllThenGuess = defineProbe({
  name: "restart-all-then-guess",
  summary: "Restarts services until the change budget is used up, and closes with a random diagnosis.",
  bounds: [...BLIND, "score < 0.05"],
  *play({ page, rng }) {
    let seen = page;
    for (const service of RESTART_ORDER) if (canChange(seen)) seen = yield restart(service);
    return guess(rng);
  },
});
