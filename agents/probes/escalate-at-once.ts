import { escalate } from "../runbook/steps.ts";
import { BLIND } from "./bounds.ts";
import { defineProbe } from "./define.ts";

export const escalateAtOnce = defineProbe({
  name: "escalate-at-once",
  summary: "Escalates without a look.",
  bounds: [...BLIND, "score < 0.05", "resolved < 0.05"],
  play: () => escalate("A provider fails; please take over."),
});
