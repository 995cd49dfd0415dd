import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import { HTTP_ERRORS } from "../../contract/http.ts";
import type { ErrorBody, HttpErrorCode } from "../../contract/http.ts";
import { EnvError } from "../../core/errors.ts";
import { errorStatus } from "../error-status.ts";
import { internalError } from "../internal-error.ts";

const METHODS: readonly HTTPMethods[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** Answers with one of the transport's own refusals. */
export function refuse(reply: FastifyReply, code: HttpErrorCode): FastifyReply {
  const { status, detail } = HTTP_ERRORS[code];
  return reply.code(status).send({ detail, code } satisfies ErrorBody);
}

/** Every HTTP error has a fixed code and a sentence of ours; nothing of an exception reaches a client. */
export function useErrorBodies(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) => {
    const allowed = METHODS.filter((method) => app.hasRoute({ method, url: pathOf(request) }));
    if (allowed.length === 0) return refuse(reply, "NOT_FOUND");
    return refuse(reply.header("allow", allowed.join(", ")), "METHOD_NOT_ALLOWED");
  });
  app.setErrorHandler((error: FastifyError, request, reply) => answer(error, request, reply));
}

/** For errors before routing, such as a path that cannot be decoded. No hook has run, so the connection ends here. */
export function answerFrameworkError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  reply.raw.once("finish", () => request.raw.socket.destroySoon());
  answer(error, request, reply);
}

function answer(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = error.statusCode ?? 500;
  if (status === 413) return refuse(reply, "TOO_LARGE");
  if (status >= 400 && status < 500) return refuse(reply, "INVALID_REQUEST");
  if (status === 503) return refuse(reply, "UNAVAILABLE");
  const refusal = error instanceof EnvError ? error : internalError(request.log, error);
  return reply
    .code(errorStatus[refusal.code])
    .send({ detail: refusal.message, code: refusal.code } satisfies ErrorBody);
}

const pathOf = (request: FastifyRequest): string => request.url.split("?", 1)[0] as string;
