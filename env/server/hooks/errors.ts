import type { Socket } from "node:net";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { HTTP_ERRORS } from "../../contract/http-errors.ts";
import type { BodyIssue, ErrorBody, HttpErrorCode, InvalidBody } from "../../contract/http-errors.ts";
import { EnvError } from "../../core/errors.ts";
import { StepConflict } from "../../session/requests.ts";
import { errorStatus } from "../error-status.ts";
import { internalError } from "../internal-error.ts";
import { InvalidBodyError } from "./bodies.ts";
import { methodsByPath } from "./methods.ts";

/** Answers with one of the transport's own refusals. */
export function refuse(reply: FastifyReply, code: HttpErrorCode): FastifyReply {
  return reply.code(HTTP_ERRORS[code].status).send(errorBody(code));
}

/** Every HTTP error has a fixed code and a sentence of ours; nothing of an exception reaches a client. */
export function useErrorBodies(app: FastifyInstance): void {
  const methodsOf = methodsByPath(app);
  app.setNotFoundHandler((request, reply) => {
    const allowed = methodsOf(request.url.split("?", 1)[0] as string);
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

/** For what Node could not read as a request at all: there is only a socket to write to. */
export function answerMalformedHead(error: Error & { readonly code?: string }, socket: Socket): void {
  if (socket.writable && socket.bytesWritten === 0) {
    const code = HEAD_ERRORS[error.code ?? ""] ?? "INVALID_REQUEST";
    const body = JSON.stringify(errorBody(code));
    const head = [
      `HTTP/1.1 ${HTTP_ERRORS[code].status} ${code}`,
      "Content-Type: application/json; charset=utf-8",
      `Content-Length: ${body.length}`,
      "Connection: close",
    ];
    socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
  }
  socket.destroySoon();
}

/** By Node's own code; whatever else is wrong with a head is a malformed request. */
const HEAD_ERRORS: Readonly<Record<string, HttpErrorCode>> = {
  HPE_HEADER_OVERFLOW: "HEAD_TOO_LARGE",
  ERR_HTTP_REQUEST_TIMEOUT: "TIMED_OUT",
};

function answer(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = error.statusCode ?? 500;
  if (error instanceof InvalidBodyError) return invalid(reply, error.issues);
  if (status === 413) return refuse(reply, "TOO_LARGE");
  if (status === 415) return invalid(reply, new InvalidBodyError("not_json").issues);
  if (status >= 400 && status < 500) return refuse(reply, "INVALID_REQUEST");
  const refusal = error instanceof EnvError ? error : internalError(request.log, error);
  const { code, message } = refusal;
  if (code === "BAD_OPTION") return invalid(reply, [{ type: "bad_option", loc: ["body"], msg: message, input: null }]);
  const where = refusal instanceof StepConflict ? { step_count: refusal.stepCount } : {};
  return reply.code(errorStatus[code]).send({ detail: message, code, ...where } satisfies ErrorBody);
}

const invalid = (reply: FastifyReply, detail: readonly BodyIssue[]): FastifyReply =>
  reply.code(422).send({ detail } satisfies InvalidBody);

const errorBody = (code: HttpErrorCode): ErrorBody => ({ detail: HTTP_ERRORS[code].detail, code });
