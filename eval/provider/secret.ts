import { createHash } from "node:crypto";
import { inspect } from "node:util";

/** What stands for a secret wherever it would be shown. */
export const HIDDEN = "***";

/** A key that renders as `***` in text, JSON, logs and debuggers. Only `reveal` gives it, to what sends it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The key itself: for the header of a request, and for what takes it out of texts. */
  reveal(): string {
    return this.#value;
  }

  /** Tells keys of one endpoint apart; too short to find the key by. */
  fingerprint(): string {
    return createHash("sha256").update(this.#value).digest("hex").slice(0, 8);
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  get [Symbol.toStringTag](): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
