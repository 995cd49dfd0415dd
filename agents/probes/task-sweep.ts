import { resolve } from "../runbook/steps.ts";
import { defineProbe } from "./define.ts";
import { sweep } from "./watch.ts";

export const taskSweep = defineProbe({
  name: "task-sweep",
  summary: "Is told which task it plays, and tries the answer to each of its siblings in turn, watching the panel.",
  needs: "taskAnswers",
  bounds: ["score < 0.4"],
  *play({ page, told }) {
    const withoutChange = told.find(({ fix }) => fix.length === 0);
    const last = withoutChange ?? told[0];
    return (yield* sweep(page, told)) ?? last?.close ?? resolve(["none", "no_fault"]);
  },
});
