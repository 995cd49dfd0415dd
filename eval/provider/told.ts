/** What a provider says about a failure, however it words it: in an error reply, or within a reply of status 200. */
export interface Told {
  /** HTTP status, or the one that an error within a reply names. */
  readonly status: number | null;
  /** Codes and types, the most specific first. They are the provider's own: compare them, never print them unchecked. */
  readonly codes: readonly string[];
  /** For comparison with known phrases alone: it may quote a key. */
  readonly text: string;
}

/** Longest part of a body that is searched for known phrases. */
const SEARCHED_CHARS = 16_384;

/** What the body of an error reply says. */
export function toldByBody(status: number, body: string): Told {
  const text = body.slice(0, SEARCHED_CHARS);
  return { status, codes: codesIn(errorIn(json(body))), text };
}

/** What an error object within a reply says. A number as code stands for a status. */
export function toldInBand(error: unknown): Told {
  const inner = record(error);
  const status = [inner["code"], inner["status"]].map(Number).find((code) => code >= 400 && code < 600) ?? null;
  return { status, codes: codesIn(inner), text: safeText(error).slice(0, SEARCHED_CHARS) };
}

/** A code that may be shown and stored: short, and made of the characters that codes have. */
export const shownCode = ({ codes }: Told): string | undefined =>
  codes.find((code) => /^[A-Za-z][\w.:-]{1,63}$/.test(code));

/** OpenAI nests the error, vLLM does not, Ollama sends a bare text. */
function errorIn(body: unknown): Readonly<Record<string, unknown>> {
  const outer = record(body);
  const inner = record(outer["error"]);
  return Object.keys(inner).length > 0 ? inner : outer;
}

/** `code` and `type` are OpenAI's, `innererror` Azure's, `metadata` OpenRouter's, `status` Google's. */
function codesIn(error: Readonly<Record<string, unknown>>): string[] {
  const inner = record(error["innererror"]);
  const candidates = [
    error["code"],
    inner["code"],
    error["type"],
    error["status"],
    record(error["metadata"])["error_type"],
  ];
  return candidates.filter((code): code is string => typeof code === "string" && code.length <= 200);
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** A value nested too deeply to be written has nothing to say. */
function safeText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return "";
  }
}
