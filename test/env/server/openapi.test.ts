import { describe, expect, test } from "vitest";
import { call, startServer } from "./fixtures.ts";

/** Every local reference of a document. */
const references = (text: string): string[] => [...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, ref = ""]) => ref);

describe("/openapi.json", () => {
  test("describes the HTTP routes, in a version that OpenEnv's validator takes", async () => {
    const { url } = await startServer();
    const { status, body, text } = await call(`${url}/openapi.json`, "GET");
    expect([status, body.openapi, body.info.version]).toEqual([200, "3.1.0", "1.0.0"]);
    const served = Object.entries(body.paths as object).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`),
    );
    for (const route of ["GET /health", "GET /metadata", "GET /schema", "POST /reset", "POST /step", "GET /state"]) {
      expect(served).toContain(route);
    }
    expect(served.filter((route) => route.endsWith("/ws"))).toEqual([]);
    expect(references(text).filter((ref) => !ref.startsWith("#/"))).toEqual([]);
  });

  test("says what a reset and a step take and give", async () => {
    const { url } = await startServer();
    const { paths } = (await call(`${url}/openapi.json`, "GET")).body;
    const stepBody = paths["/step"].post.requestBody.content["application/json"].schema;
    expect(Object.keys(stepBody.properties)).toEqual(["action", "request_id", "expected_step", "timeout_s"]);
    const reply = paths["/reset"].post.responses["200"].content["application/json"].schema;
    expect(Object.keys(reply.properties)).toEqual(["observation", "reward", "done", "metadata"]);
  });

  test("names no route that is not served", async () => {
    const { url } = await startServer();
    const { paths } = (await call(`${url}/openapi.json`, "GET")).body;
    for (const [path, methods] of Object.entries(paths as Record<string, object>)) {
      for (const method of Object.keys(methods)) {
        const address = url + path.replace("{env}", "oncall_gym").replace("{handle}", "none");
        const { body } = await call(address, method.toUpperCase()); // oxlint-disable-line no-await-in-loop
        const refusals = path.startsWith("/e/") ? ["METHOD_NOT_ALLOWED"] : ["METHOD_NOT_ALLOWED", "NOT_FOUND"];
        expect(refusals, `${method} ${path}`).not.toContain(body?.code);
      }
    }
  });
});
