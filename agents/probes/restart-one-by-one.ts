import { resolve, restart } from "../runbook/steps.ts";
import { BLIND } from "./bounds.ts";
import { defineProbe } from "./define.ts";
import { RESTART_ORDER } from "./restart-order.ts";
import { sweep } from "./watch.ts";

export const restartOneByOne = defineProbe({
  name: "restart-one-by-one",
  summary: "Restarts one service after the other, watches the panel, and blames the last one if it turns green.",
  bounds: [...BLIND, "score < 0.1", "resolved < 0.1"],
  *play({ page }) {
    const answers = RESTART_ORDER.map((service) => ({ fix: [restart(service)], close: resolve([service, "crash"]) }));
    return (yield* sweep(page, answers)) ?? resolve(["web_server", "crash"]);
  },
});
