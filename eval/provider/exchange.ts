import { createHash } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { HeaderReader } from "./retry-after.ts";

/** Largest reply that is read, in bytes after decompression. */
export const MAX_REPLY_BYTES = 8 * 1024 * 1024;

/** Of an error's body no more than this is of use. */
const MAX_ERROR_BYTES = 64 * 1024;

/**
 * Request headers that leave this machine. The client library adds a description of the platform, and whatever
 * OPENAI_CUSTOM_HEADERS holds, which may be meant for another provider.
 */
const SENT_HEADERS = ["accept", "authorization", "content-type", "user-agent"] as const;

/** A body that was not taken: too large, no UTF-8, or a status that no reply has. */
export class BodyRefused extends Error {
  override readonly name = "BodyRefused";
}

export interface ExchangeOptions {
  readonly clock: Clock;
  /** What the runtime's `fetch` takes connections from. */
  readonly dispatcher: unknown;
}

/**
 * One HTTP exchange: a `fetch` for the client library that reads the whole body itself, bounded and within the same
 * abort signal as the head, and keeps what is worth keeping. For one request.
 */
export class Exchange {
  status: number | null = null;
  headers: HeaderReader = new Headers();
  /** The body as text, of an error its beginning. */
  text = "";
  /** From sending to the head of the reply, in milliseconds. */
  ttfbMs: number | null = null;
  /** Of a whole body. */
  sha256: string | null = null;
  readonly #options: ExchangeOptions;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  /** The provider's name for the request, if it looks like one. */
  get requestId(): string | undefined {
    const id = this.headers.get("x-request-id") ?? this.headers.get("request-id") ?? "";
    return /^[\w.:-]{1,100}$/.test(id) ? id : undefined;
  }

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const { clock, dispatcher } = this.#options;
    const began = clock.monotonic();
    const request = { ...init, headers: sentHeaders(init?.headers), redirect: "manual", dispatcher } as const;
    const response = await globalThis.fetch(input, request as RequestInit);
    this.ttfbMs = clock.monotonic() - began;
    this.status = response.status;
    this.headers = response.headers;
    this.text = response.ok ? await this.#wholeText(response) : await beginningOf(response);
    return replyOf(response, this.text);
  };

  async #wholeText(response: Response): Promise<string> {
    const bytes = await wholeBody(response);
    this.sha256 = createHash("sha256").update(bytes).digest("hex");
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      throw new BodyRefused("Expected UTF-8.");
    }
  }
}

const sentHeaders = (given: RequestInit["headers"]): Headers => {
  const all = new Headers(given);
  return new Headers(
    SENT_HEADERS.flatMap((name) => {
      const value = all.get(name);
      return value === null ? [] : [[name, value] as [string, string]];
    }),
  );
};

async function wholeBody(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_REPLY_BYTES) throw new BodyRefused(`Expected at most ${MAX_REPLY_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** An error says what it says in its status and first bytes, whatever becomes of the rest. */
async function beginningOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size > MAX_ERROR_BYTES) break;
    }
  } catch {
    // The status stands. An abort shows in the signal.
  }
  return Buffer.concat(chunks).subarray(0, MAX_ERROR_BYTES).toString("utf8");
}

const BODILESS = new Set([204, 205, 304]);

/** The reply that the client library sees: decoded already, so without the headers that describe an encoding. */
function replyOf({ status, headers }: Response, text: string): Response {
  if (status < 200 || status > 599) throw new BodyRefused(`Expected a status from 200 to 599, got ${status}.`);
  const type = headers.get("content-type");
  const kept = type === null ? {} : { "content-type": type };
  return new Response(BODILESS.has(status) ? null : text, { status, headers: kept });
}
