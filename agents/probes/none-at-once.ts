import { resolve } from "../runbook/steps.ts";
import { BLIND } from "./bounds.ts";
import { defineProbe } from "./define.ts";

export const noneAtOnce = defineProbe({
  name: "none-at-once",
  summary: "Closes as a false alarm without a look.",
  bounds: [...BLIND, "score < 0.05", "resolved < 0.05"],
  play: () => resolve(["none", "no_fault"]),
});
