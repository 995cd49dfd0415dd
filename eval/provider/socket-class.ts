import type { ProviderErrorClass } from "../../agents/llm/errors.ts";
import { BodyRefused } from "./exchange.ts";

const TIMED_OUT = new Set(["ETIMEDOUT", "UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);

/** OpenSSL's and Node's codes for certificates and handshakes. */
const TLS_CODE = /^ERR_(?:TLS|SSL)_|CERT|^UNABLE_TO_|^HOSTNAME_MISMATCH$|^EPROTO$/;

/** The bytes were no HTTP, no valid compression, or not as many as announced. */
const GARBLED_CODE = /^HPE_|^Z_|^ERR_(?:BROTLI|ENCODING)|^UND_ERR_(?:RES_CONTENT_LENGTH_MISMATCH|HEADERS_OVERFLOW)$/;

/**
 * The class of a connection that failed.
 * @param hadSuccess a name that was found before, and now is not, is the network's trouble
 */
export function classOfSocket(error: Error, hadSuccess: boolean): ProviderErrorClass {
  if (causes(error).some((cause) => cause instanceof BodyRefused)) return "bad_response";
  const code = socketCode(error);
  if (code === undefined) return "network";
  if (TIMED_OUT.has(code)) return "timeout";
  if (GARBLED_CODE.test(code)) return "bad_response";
  if (TLS_CODE.test(code)) return "not_found";
  return code === "ENOTFOUND" && !hadSuccess ? "not_found" : "network";
}

/** The innermost code: that of the socket, not of what wrapped it. */
export function socketCode(error: Error): string | undefined {
  const codes = causes(error).map((cause) => (cause as { code?: unknown }).code);
  return codes.findLast((code) => typeof code === "string" && /^[A-Z][A-Z0-9_]{1,63}$/.test(code)) as
    | string
    | undefined;
}

/** The error, what caused it, what caused that. */
function causes(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let one = error; one instanceof Error && chain.length < 8; one = one.cause) chain.push(one);
  return chain;
}
