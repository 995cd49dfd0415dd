import { encodingsOf } from "../../leaks/encodings.ts";

/** Every encoding of a secret has at least so many characters. */
const START = 8;

/** Finds any of thousands of secrets, in any encoding and case, in one pass over a text. */
export class SecretIndex {
  readonly #byStart = new Map<string, { readonly secret: string; readonly encoded: string }[]>();

  constructor(secrets: Iterable<string>) {
    for (const secret of new Set(secrets)) {
      for (const encoded of new Set(encodingsOf(secret))) {
        if (encoded.length < START) throw new Error(`${secret} is too short to be told from chance.`);
        const start = encoded.slice(0, START);
        const others = this.#byStart.get(start) ?? [];
        others.push({ secret, encoded });
        this.#byStart.set(start, others);
      }
    }
  }

  /** The secrets in a text. */
  in(text: string): string[] {
    const folded = text.toLowerCase();
    const found = new Set<string>();
    for (let at = 0; at + START <= folded.length; at += 1) {
      for (const { secret, encoded } of this.#byStart.get(folded.slice(at, at + START)) ?? []) {
        if (folded.startsWith(encoded, at)) found.add(secret);
      }
    }
    return [...found];
  }
}
