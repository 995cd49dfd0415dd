import { identityRules } from "./identity.ts";
import { measurementRules } from "./measurement.ts";
import { planRules } from "./plan.ts";
import { proofRules } from "./proof.ts";
import type { Evidence, Rule } from "./rule.ts";

/** The conditions of being ranked, by code. */
export const RULES: readonly Rule[] = [...planRules, ...measurementRules, ...identityRules, ...proofRules];

/** A condition that does not hold, and what came instead. */
export interface Failure {
  readonly code: string;
  readonly wants: string;
  readonly sentences: readonly string[];
}

/** Why an entry cannot be ranked; none when it can. */
export const failuresOf = (evidence: Evidence): Failure[] =>
  RULES.map(({ code, wants, failures }) => ({ code, wants, sentences: failures(evidence) })).filter(
    ({ sentences }) => sentences.length > 0,
  );
