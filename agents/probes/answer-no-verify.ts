import { defineProbe } from "./define.ts";

export const answerNoVerify = defineProbe({
  name: "answer-no-verify",
  summary: "Gives the right answer after one look, and does not look whether it worked.",
  needs: "reference",
  bounds: ["score < 0.7"],
  *play({ told: { looks, fix, close } }) {
    yield* looks.slice(0, 1);
    yield* fix.filter((step) => typeof step === "string");
    return close;
  },
});
