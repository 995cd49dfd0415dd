import { resolve } from "../runbook/steps.ts";
import { BLIND } from "./bounds.ts";
import { defineProbe } from "./define.ts";
import { sweep } from "./watch.ts";

export const bruteForce = defineProbe({
  name: "brute-force",
  summary: "Tries the changes that cure most incidents, watches the panel, and closes with what they mostly cure.",
  needs: "knownChanges",
  bounds: [...BLIND, "score < 0.15", "resolved < 0.15"],
  *play({ page, told }) {
    return (yield* sweep(page, told)) ?? resolve(["web_server", "capacity"]);
  },
});
