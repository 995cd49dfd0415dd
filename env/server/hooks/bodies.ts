import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { BodyIssue } from "../../contract/http-errors.ts";
import type { Limits } from "../../session/limits.ts";
import { shapeProblem } from "../../session/shape.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Whether texts and numbers of the body are the environment's matter, as those of an action are. */
    holdsAction?: true;
  }
}

/** What is wrong with a body as a whole. */
const PROBLEMS = {
  not_json: "Expected JSON, declared as Content-Type: application/json.",
  json_invalid: "Expected JSON; this is not JSON.",
} as const;

/** A body that a route cannot take. */
export class InvalidBodyError extends Error {
  override readonly name = "InvalidBodyError";
  readonly statusCode = 422;
  readonly issues: readonly BodyIssue[];

  constructor(problem: keyof typeof PROBLEMS | readonly BodyIssue[]) {
    super("invalid body");
    this.issues =
      typeof problem === "string" ? [{ type: problem, loc: ["body"], msg: PROBLEMS[problem], input: null }] : problem;
  }
}

/**
 * Reads bodies as JSON, and judges them by the schemas of their routes. An empty body is none, whatever it is declared
 * as; anything else must be declared as JSON, which the pages of other sites cannot do unasked.
 */
export function readBodies(app: FastifyInstance, limits: Limits): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, text, done) => {
    try {
      const { holdsAction = false } = request.routeOptions.config;
      const empty = text === "" || request.is404; // what is not served is not judged by its body
      done(null, empty ? undefined : parsed(text as string, limits, !holdsAction));
    } catch (error) {
      done(error as Error);
    }
  });
  app.addContentTypeParser("*", { parseAs: "string" }, (request, text, done) => {
    if (text === "" || request.is404) done(null);
    else done(new InvalidBodyError("not_json"));
  });
  app.setValidatorCompiler<z.ZodType>(({ schema }) => (body) => {
    const { error } = schema.safeParse(body);
    // The value stays as it came: what a schema does not know is the environment's matter.
    return error === undefined ? { value: body } : { error: new InvalidBodyError(issuesOf(error, body)) };
  });
}

function parsed(text: string, limits: Limits, texts: boolean): unknown {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new InvalidBodyError("json_invalid");
  }
  const problem = typeof body === "object" && body !== null ? shapeProblem(body, limits, texts) : null;
  if (problem === null) return body;
  throw new InvalidBodyError([{ type: "too_large", loc: ["body"], msg: problem, input: null }]);
}

const issuesOf = (error: z.ZodError, body: unknown): BodyIssue[] =>
  error.issues.map(({ code, path, message }) => {
    const loc = path.map((key) => (typeof key === "number" ? key : String(key)));
    return { type: code, loc: ["body", ...loc], msg: message.toWellFormed(), input: inputAt(body, loc) };
  });

const LONGEST_INPUT = 100;

/** What came at a place, where it is short. */
function inputAt(body: unknown, loc: readonly (string | number)[]): BodyIssue["input"] {
  let value = body;
  for (const key of loc) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return null;
    value = (value as Readonly<Record<string | number, unknown>>)[key];
  }
  if (typeof value === "string") return value.length <= LONGEST_INPUT ? value.toWellFormed() : null;
  return typeof value === "boolean" || Number.isFinite(value) ? (value as number | boolean) : null;
}
