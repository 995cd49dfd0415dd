import type { TokenLimitName } from "./wire.ts";

const OTHER: Readonly<Record<TokenLimitName, TokenLimitName>> = {
  max_tokens: "max_completion_tokens",
  max_completion_tokens: "max_tokens",
};

/** What a server has to be told in its own way. Learnt once, from its first refusal. */
export class Dialect {
  /** What all compatible servers knew first. */
  limitName: TokenLimitName = "max_tokens";
  #hasAdapted = false;

  /**
   * Looks at why a request was refused.
   * @param refusal the body of the error
   * @returns whether the same request may be accepted in the other way
   */
  adapts(status: number | null, refusal: string, sentLimit: boolean): boolean {
    if (this.#hasAdapted || !sentLimit || (status !== 400 && status !== 422)) return false;
    if (!new RegExp(`\\b${this.limitName}\\b`).test(refusal)) return false;
    this.#hasAdapted = true;
    this.limitName = OTHER[this.limitName];
    return true;
  }
}
