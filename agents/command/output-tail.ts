/** The end of what a stream wrote: the newest bytes, up to a limit. */
export class OutputTail {
  readonly #limit: number;
  readonly #chunks: Buffer[] = [];
  #kept = 0;
  #seen = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(chunk: Buffer): void {
    this.#seen += chunk.length;
    this.#chunks.push(chunk.length > this.#limit ? chunk.subarray(-this.#limit) : chunk);
    this.#kept += this.#chunks.at(-1)?.length ?? 0;
    while (this.#kept - (this.#chunks[0]?.length ?? 0) >= this.#limit) this.#kept -= this.#chunks.shift()?.length ?? 0;
  }

  /** As UTF-8; begins with a note where something is missing. */
  text(): string {
    const bytes = Buffer.concat(this.#chunks).subarray(-this.#limit);
    const missing = this.#seen - bytes.length;
    return `${missing === 0 ? "" : `(${missing} earlier bytes are left out)\n`}${bytes.toString("utf8")}`;
  }
}
