/** Every refusal has a code and a sentence that says what was expected, what came and what to try. */
export const ERRORS = {
  NOT_RESET: "reset() must be called before step().",
  EPISODE_DONE: "The episode is over. Call reset() to start another.",
  BAD_OPTION: "{detail}",
  STEP_CONFLICT: "Expected step {expected}, the episode is at step {actual}. Nothing was done.",
  REQUEST_ID_REUSED: "Request id {id} was used for another request. Use a new id for a new request.",
  INTERNAL: "Something went wrong inside. It is logged under {reference}.",
} as const;
export type ErrorCode = keyof typeof ERRORS;

/** A refusal by the environment; nothing changed. */
export class EnvError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, slots: Readonly<Record<string, string | number>> = {}) {
    super(ERRORS[code].replace(/\{(\w+)\}/g, (_, slot: string) => String(slots[slot] ?? "")));
    this.name = "EnvError";
    this.code = code;
  }
}

/** A bad reset option, with the sentence that lists what is valid. */
export const badOption = (detail: string): EnvError => new EnvError("BAD_OPTION", { detail });
