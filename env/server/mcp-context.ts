import type { FastifyBaseLogger } from "fastify";
import type { AnswerContext } from "../mcp/answer.ts";
import type { AccessContext } from "../mcp/session-access.ts";
import type { ServerContext } from "./context.ts";
import { internalError } from "./internal-error.ts";

/** What answering JSON-RPC takes of a server, for whatever carries it. */
export const mcpContext = (
  { sessions, config, limits }: ServerContext,
  log: FastifyBaseLogger,
): AccessContext & AnswerContext => ({
  sessions,
  defaults: { seed: config.defaultSeed, task: config.defaultTask },
  takesOptions: config.mode === "simulation",
  limits,
  report: (error) => internalError(log, error),
});
