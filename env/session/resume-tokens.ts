import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/**
 * The one-time tokens that resume a session, as hashes. A token is used up when its owner shows that it has the next
 * one: the reply with the next one may be lost on the way, and then only the last one is left to the owner.
 */
export class ResumeTokens {
  #current: string | null;
  /** The one before, until its owner shows that it has the current one. */
  #last: string | null;
  /** The one that was last shown. */
  #shown: string | null = null;

  /** @param hashes as `hashes` gave them */
  constructor([current = null, last = null]: readonly (string | null)[] = []) {
    this.#current = current;
    this.#last = last;
  }

  /** All that may yet be accepted, the current one first; none before the first token. */
  get hashes(): readonly string[] {
    return [this.#current, this.#last].filter((hash) => hash !== null);
  }

  /** Makes the next token. Nobody can be told it again. */
  renew(): string {
    const token = randomBytes(24).toString("base64url");
    this.#last = this.#shown ?? this.#current;
    this.#current = hashOf(token);
    this.#shown = null;
    return token;
  }

  /**
   * Whether this token is accepted.
   * @param silent whether nobody is connected who may have had the current one
   */
  accept(token: string, silent: boolean): boolean {
    const hash = hashOf(token);
    const known = silent ? [this.#current, this.#last] : [this.#current];
    if (!known.some((one) => one !== null && timingSafeEqual(Buffer.from(one), Buffer.from(hash)))) return false;
    this.#shown = hash;
    return true;
  }

  /** The owner has the current token; the one before is used up. Returns whether that is news. */
  confirm(): boolean {
    if (this.#last === null) return false;
    this.#last = null;
    return true;
  }
}

const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex");
