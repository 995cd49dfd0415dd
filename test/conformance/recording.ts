import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One event of a recording: what an unmodified OpenEnv client of June 2026 put on the wire. */
export interface RecordedEvent {
  /** The TCP connection. */
  readonly conn: number;
  readonly kind: "open" | "http" | "ws" | "end";
  /** `POST /mcp HTTP/1.1` */
  readonly line?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly op?: "text" | "close";
  readonly data?: string | number;
}

/** A recording by its name, in the order in which it was sent. */
export const recording = (name: string): RecordedEvent[] =>
  readFileSync(join(import.meta.dirname, "recordings", `${name}.jsonl`), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as RecordedEvent);
