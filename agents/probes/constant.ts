import { resolve } from "../runbook/steps.ts";
import type { Diagnosis } from "../runbook/steps.ts";
import { BLIND } from "./bounds.ts";
import { defineProbe } from "./define.ts";

/** The probe that always gives one diagnosis; the anchors are played with every pair. */
export const constantProbe = (diagnosis: Diagnosis) =>
  defineProbe({
    name: "constant",
    summary: "Closes with one and the same diagnosis without a look.",
    bounds: [...BLIND, "score < 0.05", "resolved < 0.05"],
    play: () => resolve(diagnosis),
  });
