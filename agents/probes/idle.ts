import { status } from "../runbook/steps.ts";
import { BLIND } from "./bounds.ts";
import { defineProbe } from "./define.ts";

export const idle = defineProbe({
  name: "idle",
  summary: "Looks at one status until the budget ends.",
  bounds: [...BLIND, "score < 0.02"],
  *play() {
    for (;;) yield status("web_server");
  },
});
