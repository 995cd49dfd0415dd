import { randomBytes } from "node:crypto";
import type { FastifyBaseLogger } from "fastify";
import { EnvError } from "../core/errors.ts";

/**
 * Logs an unexpected error and returns what its client may know of it: a reference into the log. Message, stack and
 * paths stay in the log.
 */
export function internalError(log: FastifyBaseLogger, error: unknown): EnvError {
  const reference = randomBytes(6).toString("hex");
  log.error({ err: error, reference }, "unexpected error");
  return new EnvError("INTERNAL", { reference });
}
