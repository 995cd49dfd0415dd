import { defineProbe } from "./define.ts";
import { applyFix } from "./watch.ts";

export const taskMemoriser = defineProbe({
  name: "task-memoriser",
  summary: "Is told which task it plays, and gives the answer to its canonical sibling without a look.",
  needs: "taskAnswers",
  bounds: ["score < 0.25", "resolved <= 0.5", "success <= 0.5"],
  *play({ page, told: [answer] }) {
    if (answer === undefined) throw new RangeError("A task has at least one answer.");
    yield* applyFix(page, answer);
    return answer.close;
  },
});
