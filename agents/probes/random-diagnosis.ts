import { BLIND } from "./bounds.ts";
import { defineProbe } from "./define.ts";
import { guess } from "./guess.ts";

export const randomDiagnosis = defineProbe({
  name: "random-diagnosis",
  summary: "Closes with a random diagnosis without a look.",
  bounds: [...BLIND, "score < 0.05"],
  play: ({ rng }) => guess(rng),
});
