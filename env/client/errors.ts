import { EnvError, ERRORS } from "../contract/index.ts";
import type { ErrorCode } from "../contract/index.ts";
import type { FrameErrorCode } from "../contract/frames.ts";

/** Why a call could not be made or answered; a refusal by the environment is an EnvError instead. */
export type ClientErrorCode = FrameErrorCode | "CONNECT_FAILED" | "CONNECTION_LOST" | "TIMED_OUT" | "CLOSED";

/** Something between a client and its environment went wrong. */
export class ClientError extends Error {
  override readonly name = "ClientError";
  readonly code: ClientErrorCode;

  constructor(code: ClientErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Data of an error frame as it arrived. */
export interface ErrorData {
  readonly message?: unknown;
  readonly code?: unknown;
  readonly reason?: unknown;
}

/** The error that an error frame stands for: the environment's own, where it gives its code as reason. */
export function errorFrom({ message, code, reason }: ErrorData): Error {
  const text = typeof message === "string" ? message : "The server refused without a reason.";
  if (typeof reason !== "string" || !Object.hasOwn(ERRORS, reason)) {
    return new ClientError(code as FrameErrorCode, text);
  }
  const error = new EnvError(reason as ErrorCode);
  error.message = text;
  return error;
}
