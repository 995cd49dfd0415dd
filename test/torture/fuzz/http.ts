import fc from "fast-check";
import { z } from "zod";
import { HTTP_ERRORS } from "../../../env/contract/http-errors.ts";
import { HttpCaller } from "../transports/http-call.ts";
import type { HttpAnswer, HttpCall } from "../transports/http-call.ts";
import { http } from "../transports/http.ts";
import { actionsFrom } from "./actions.ts";
import { notJson, tooDeep, tooWide } from "./broken-json.ts";
import { fixedEpisode } from "./episode.ts";
import { judgeOf } from "./from-schema.ts";
import { resetOptions } from "./options.ts";
import { replyChecks } from "./replies.ts";
import type { Published } from "./replies.ts";
import { mismatch, mutated, oddValue, outcomeOf, thirds } from "./request.ts";
import type { FuzzRequest, FuzzTarget, Kind } from "./request.ts";

/** Schemas of answers as `/openapi.json` has them: by path, method and status. */
export interface OpenApi {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, Described>> }>>>
  >;
}
interface Described {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

/** What a session is called until the present one is known. */
export const SESSION = "<session>";
const REFUSALS = new Set([409, ...Object.values(HTTP_ERRORS).map(({ status }) => status), 422]);
const JSON_TYPE = { "content-type": "application/json" };

/** Every route over HTTP. */
export function fuzzHttp(url: string, published: Published, openApi: OpenApi): FuzzTarget {
  const checks = replyChecks(published);
  const schemaOf = answerSchemas(openApi);
  const transport = http(url);
  const caller = new HttpCaller(url);
  let session: string | null = null;
  let isOver = false;

  async function present(): Promise<string> {
    if (session === null || isOver) {
      const headers = { "x-session-id": session ?? "new" };
      const opened = await caller.call({ method: "POST", path: "/reset", headers });
      session ??= opened.headers["x-session-id"] as string;
      isOver = false;
    }
    return session;
  }

  function judgeAnswer({ status, text }: HttpAnswer, { method, path }: HttpCall, kind: Kind): string | null {
    if (status >= 400) {
      if (!REFUSALS.has(status) || status >= 500) return `status ${status}: ${text.slice(0, 200)}`;
      return checks.httpError(status, JSON.parse(text)) ?? mismatch(kind, "refused");
    }
    const [route = ""] = path.split("?", 1);
    const body = text === "" || route === "/" ? null : (JSON.parse(text) as Record<string, unknown>);
    const schema = schemaOf(method, route);
    const { error } = schema?.safeParse(body) ?? {};
    if (error !== undefined) return `${z.prettifyError(error)} in ${text.slice(0, 300)}`;
    if (body === null || !("observation" in body && "done" in body)) return mismatch(kind, "carried out");
    if (body.done === true) isOver = true;
    return checks.observation(body) ?? mismatch(kind, outcomeOf(body));
  }

  return {
    requests: thirds(httpCalls(published)),
    async judge({ kind, wire }: FuzzRequest<HttpCall>) {
      const id = await present();
      const headers = Object.fromEntries(
        Object.entries(wire.headers ?? {}).map(([name, value]) => [name, value === SESSION ? id : value]),
      );
      return judgeAnswer(await caller.call({ ...wire, headers }), wire, kind);
    },
    episode: () => fixedEpisode(transport),
    async end() {
      caller.end();
      transport.end();
    },
  };
}

function answerSchemas({ paths }: OpenApi): (method: string, path: string) => z.ZodType | undefined {
  const schemas = new Map<string, z.ZodType>();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { responses }] of Object.entries(methods)) {
      const schema = responses["200"]?.content?.["application/json"]?.schema;
      const route = `${method.toUpperCase()} ${path.replace("{env}", "oncall_gym")}`;
      if (schema !== undefined) schemas.set(route, judgeOf(schema));
    }
  }
  return (method, path) => schemas.get(`${method} ${path}`);
}

/** Paths that are served, and the method for each. */
const INFO = [
  "/health",
  "/ready",
  "/metadata",
  "/schema",
  "/openapi.json",
  "/",
  "/list_environments",
  "/oncall_gym/splits",
];
const TASKS = ["/oncall_gym/tasks", "/oncall_gym/num_tasks", "/oncall_gym/task", "/oncall_gym/task_range"];
const ofSession = { "x-session-id": SESSION };

/** Requests on every route; `SESSION` stands where a session is named. */
export function httpCalls(published: Published): Readonly<Record<Kind, fc.Arbitrary<HttpCall>>> {
  const actions = actionsFrom(published.action);
  const stepBodies = (kind: Kind) => actions[kind].map((action) => ({ action }));
  const taskCalls = fc
    .tuple(fc.constantFrom(...TASKS), fc.constantFrom("train", "dev", "test"), fc.nat(7))
    .map(([path, split, index]) => post(path, { split, ...(path.endsWith("task") ? { index } : {}) }));
  const played = (kind: Kind): fc.Arbitrary<HttpCall> =>
    fc.oneof(
      { weight: 3, arbitrary: stepBodies(kind).map((body) => post("/step", body, ofSession)) },
      { weight: 1, arbitrary: resetOptions[kind].map((body) => post("/reset", body, ofSession)) },
      { weight: 1, arbitrary: resetOptions[kind].map((body) => post("/reset", body)) },
    );
  const asked = fc.oneof(
    fc.constantFrom(...INFO).map((path) => got(path)),
    fc.constantFrom(got("/state"), got("/state", ofSession), got("/session", ofSession)),
    taskCalls,
  );
  return {
    valid: fc.oneof({ weight: 2, arbitrary: played("valid") }, { weight: 1, arbitrary: asked }),
    near: fc.oneof(
      { weight: 3, arbitrary: played("near") },
      mutated(stepBodies("valid")).map((body) => post("/step", body, ofSession)),
      fc.tuple(taskCalls, oddValue).map(([{ path }, split]) => post(path, { split, index: split })),
      fc
        .tuple(asked, headerValue)
        .map(([call, value]) => ({ ...call, headers: { ...call.headers, "x-session-id": value } })),
    ),
    negative: fc.oneof(
      { weight: 4, arbitrary: played("negative").filter(({ body }) => body !== '{"action":null}') },
      fc
        .constantFrom("/nothing", "/ws/", "/RESET", "/reset/", "/e/none/health", "/e/none/state", "/__proto__")
        .map((path) => got(path)),
      fc.constantFrom("/reset", "/step", "/mcp", ...TASKS).map((path) => got(path)),
      fc.constantFrom(...INFO, "/state", "/session").map((path) => post(path, {})),
      fc
        .tuple(
          fc.constantFrom("/reset", "/step"),
          fc.oneof(notJson, tooDeep, tooWide).filter((text) => text.trim() !== ""),
        )
        .map(([path, body]) => ({
          method: "POST",
          path,
          body,
          headers: { ...JSON_TYPE, ...(path === "/step" ? ofSession : {}) },
        })),
      fc.constantFrom("text/plain", "application/x-www-form-urlencoded", "multipart/form-data").map((type) => ({
        ...post("/reset", { seed: 1 }),
        headers: { "content-type": type },
      })),
      fc
        .constantFrom({}, { act: 1 }, [], null, 5, "check_status(cache)")
        .map((body) => post("/step", body as object, ofSession)),
      fc
        .constantFrom("none", "", "x".repeat(300), "../..")
        .map((id) => post("/step", { action: 1 }, { "x-session-id": id })),
      fc.constantFrom("http://evil.example", "null").map((origin) => got("/health", { origin })),
      fc.constantFrom("evil.example", "127.0.0.1.evil.example").map((host) => got("/health", { host })),
      fc.constantFrom("/other/splits", "/__proto__/splits").map((path) => got(path)),
      fc.constantFrom<object>({ split: "none" }, {}, { split: "all" }).map((body) => post("/oncall_gym/tasks", body)),
      fc
        .constantFrom<object>({ split: "dev", index: 99 }, { split: "dev", index: -1 }, { split: "dev" })
        .map((body) => post("/oncall_gym/task", body)),
      fc.constant(post("/reset", { wild: "x".repeat(300_000) })),
    ),
  };
}

/** Anything that may stand in a header. */
const headerValue = fc.stringMatching(/^[!-~]{0,60}$/);

const got = (path: string, headers = {}): HttpCall => ({ method: "GET", path, headers });

const post = (path: string, body: object, headers = {}): HttpCall => ({
  method: "POST",
  path,
  headers: { ...JSON_TYPE, ...headers },
  body: JSON.stringify(body),
});
