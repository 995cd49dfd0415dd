import { CAUSE_SERVICES, FAULTS, pick } from "../../env/contract/index.ts";
import type { Rng } from "../../env/contract/index.ts";
import { resolve } from "../runbook/steps.ts";

/** Closes with a diagnosis drawn from the closed lists. */
export const guess = (rng: Rng): string => resolve([pick(rng, CAUSE_SERVICES), pick(rng, FAULTS)]);
