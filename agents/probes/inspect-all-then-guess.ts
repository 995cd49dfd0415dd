import { SERVICES } from "../../env/contract/index.ts";
import { config, logs, metrics, status } from "../runbook/steps.ts";
import { BLIND } from "./bounds.ts";
import { defineProbe } from "./define.ts";
import { guess } from "./guess.ts";
import { canAct } from "./watch.ts";

export const inspectAllThenGuess = defineProbe({
  name: "inspect-all-then-guess",
  summary: "Looks at everything, reads nothing, and closes with a random diagnosis.",
  bounds: [...BLIND, "score < 0.15"],
  *play({ page, rng }) {
    let seen = page;
    for (const service of SERVICES) {
      for (const look of [metrics, logs, config, status]) if (canAct(seen)) seen = yield look(service);
    }
    return guess(rng);
  },
});
