import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { HTTP_ERRORS } from "../../../env/contract/http-errors.ts";
import { call, openSocket, reset, startServer, step } from "./fixtures.ts";
import type { HttpReply } from "./fixtures.ts";

const LOOK = "check_status(cache)";
const session = (id: string) => ({ "x-session-id": id });

/** A session over HTTP, reset to seed 1. */
async function opened(flags: Readonly<Record<string, unknown>> = {}) {
  const { url } = await startServer(flags);
  const reply = await call(`${url}/reset`, "POST", { seed: 1 }, session("new"));
  return { url, reply, id: reply.headers.get("x-session-id") ?? "" };
}

/** What is wrong with one place of a body. */
const issue = (type: string, loc: (string | number)[]) => ({ type, loc, msg: expect.any(String), input: null });

/** A step of so many bytes. */
const ofBytes = (bytes: number) => `{"action":"${"x".repeat(bytes - 13)}"}`;

/** What a server answers to raw bytes. */
async function answerTo(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let answer = "";
  socket.on("data", (data) => (answer += data.toString()));
  socket.write(bytes);
  await new Promise((resolve) => socket.once("close", resolve));
  return answer;
}

/** All of an answer but its date, as text. */
const whole = ({ status, headers, text }: HttpReply): string =>
  JSON.stringify([status, [...headers].filter(([name]) => name !== "date"), text]);

describe("calls without a session", () => {
  test("share nothing, and say how to have a memory", async () => {
    const { url } = await startServer();
    const first = await call(`${url}/reset`, "POST", { seed: 7, task_id: "inc-117" });
    expect(first.body).toMatchObject({ reward: null, done: false, metadata: { info: { seed: 7 } } });
    expect(first.headers.has("x-session-id")).toBe(false);
    const stepped = await call(`${url}/step`, "POST", { action: LOOK });
    expect(stepped).toMatchObject({ status: 409, body: { code: "NOT_RESET" } });
    expect(stepped.body.detail).toMatch(/X-Session-Id: new/);
    expect((await call(`${url}/state`, "GET")).body).toEqual({ episode_id: null, step_count: 0 });
  });

  test.for([
    ["nothing", undefined],
    ["{}", "{}"],
    ["null", "null"],
    ["an empty text declared as JSON", ""],
  ] as const)("a reset may send %s", async ([, body]) => {
    const { url } = await startServer();
    expect((await call(`${url}/reset`, "POST", body)).status).toBe(200);
  });

  test("take no slot", async () => {
    const { url } = await startServer({ maxSessions: 1, slotWaitMs: 10 });
    await openSocket(url);
    expect((await call(`${url}/reset`, "POST", {})).status).toBe(200);
  });
});

describe("a session over HTTP", () => {
  test("plays an episode", async () => {
    const { url, reply, id } = await opened();
    expect(id).toMatch(/^[\w-]{22}$/);
    expect(reply.body.metadata.info.seed).toBe(1);
    const turn = await call(
      `${url}/step`,
      "POST",
      { action: { type: "inspect_logs", service: "database" } },
      session(id),
    );
    expect(turn.body).toMatchObject({ done: false, observation: { result: { data: { kind: "logs" } } } });
    expect((await call(`${url}/state?session_id=${id}`, "GET")).body).toMatchObject({ step_count: 1, seed: 1 });
    const last = await call(`${url}/step?session_id=${id}`, "POST", { action: "escalate(me)", timeout_s: "any" });
    expect(last.body).toMatchObject({ done: true, metadata: { info: { episode: { ended: "escalated" } } } });
    const late = await call(`${url}/step`, "POST", { action: LOOK }, session(id));
    expect(late).toMatchObject({ status: 409, body: { code: "EPISODE_DONE" } });
    expect((await call(`${url}/reset`, "POST", { seed: 2 }, session(id))).body.metadata.info.seed).toBe(2);
    expect((await call(`${url}/session`, "DELETE", undefined, session(id))).status).toBe(204);
    expect((await call(`${url}/state`, "GET", undefined, session(id))).status).toBe(404);
  });

  test("gives the bytes of a socket's frames", async () => {
    const { url, reply, id } = await opened();
    const socket = await openSocket(url);
    expect(await socket.ask(reset({ seed: 1 }))).toEqual({ type: "observation", data: reply.body });
    for (const action of [LOOK, null, { type: "nonsense" }, "restart_service(cache)", "escalate(me)"]) {
      // oxlint-disable no-await-in-loop
      const { text } = await call(`${url}/step`, "POST", { action }, session(id));
      socket.send(step(action));
      expect(`{"type":"observation","data":${text}}`).toBe(await socket.nextText());
      // oxlint-enable no-await-in-loop
    }
  });

  test("describes itself, and where its agent plays", async () => {
    const { url, id } = await opened();
    await call(`${url}/step`, "POST", { action: LOOK, request_id: "r" }, session(id));
    const { body } = await call(`${url}/session`, "GET", undefined, session(id));
    expect(body).toMatchObject({ session_id: id, step_count: 1, done: false, durable: false, last_request_id: "r" });
    expect(Object.keys(body).toSorted()).toEqual([
      "agent_path",
      "done",
      "durable",
      "episode_id",
      "last_request_id",
      "resume_token",
      "resume_window_s",
      "session_id",
      "step_count",
    ]);
    expect((await call(`${url}${body.agent_path}/health`, "GET")).body).toEqual({ status: "healthy" });
    await call(`${url}/reset`, "POST", {}, session(id));
    expect(await call(`${url}${body.agent_path}/health`, "GET")).toMatchObject({
      status: 404,
      body: { code: "NOT_FOUND" },
    });
  });

  test("whose first reset is refused takes no slot and has no id", async () => {
    const { url } = await startServer({ maxSessions: 1, slotWaitMs: 10 });
    for (let i = 0; i < 3; i += 1) {
      const reply = await call(`${url}/reset`, "POST", { task_id: "inc-1" }, session("new")); // oxlint-disable-line no-await-in-loop
      expect([reply.status, reply.headers.has("x-session-id")]).toEqual([422, false]);
    }
    expect((await call(`${url}/reset`, "POST", {}, session("new"))).status).toBe(200);
  });

  test("is refused with 503 and a time to try again when the server is full", async () => {
    const { url, id } = await opened({ maxSessions: 1, slotWaitMs: 10 });
    const full = await call(`${url}/reset`, "POST", {}, session("new"));
    expect(full).toMatchObject({
      status: 503,
      body: { detail: HTTP_ERRORS.CAPACITY_REACHED.detail, code: "CAPACITY_REACHED" },
    });
    expect(full.headers.get("retry-after")).toBe("1");
    await call(`${url}/session`, "DELETE", undefined, session(id));
    expect((await call(`${url}/reset`, "POST", {}, session("new"))).status).toBe(200);
  });

  test("is unknown, foreign or over in the same bytes", async () => {
    const { url, id } = await opened({ callIdleS: 1 });
    const other = await opened();
    const answers = async (wrong: string) =>
      Promise.all([
        call(`${url}/step`, "POST", { action: LOOK }, session(wrong)).then(whole),
        call(`${url}/reset`, "POST", {}, session(wrong)).then(whole),
        call(`${url}/state`, "GET", undefined, session(wrong)).then(whole),
        call(`${url}/session`, "GET", undefined, session(wrong)).then(whole),
        call(`${url}/session`, "DELETE", undefined, session(wrong)).then(whole),
      ]);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    const expired = await answers(id);
    expect(expired[0]).toMatch(/^\[404.*UNKNOWN_SESSION/);
    for (const wrong of ["nobody", other.id, "__proto__", "x".repeat(5000)]) {
      expect(await answers(wrong)).toEqual(expired); // oxlint-disable-line no-await-in-loop
    }
  });

  test("goes on over a socket, and back", async () => {
    const { url, id } = await opened({ callIdleS: 1 });
    const socket = await openSocket(url, {}, `/ws?session_id=${id}`);
    expect((await socket.ask(step(LOOK))).data.observation.result.status).toBe("ok");
    expect((await call(`${url}/state`, "GET", undefined, session(id))).body.step_count).toBe(1);
    const second = await openSocket(url, {}, `/ws?session_id=${id}`);
    expect(await second.ask({ type: "state" })).toMatchObject({ data: { code: "SESSION_ERROR" } });
    expect(await second.closed).toBe(1000);
    await new Promise((resolve) => setTimeout(resolve, 1500)); // longer than the session would live alone
    expect((await socket.ask({ type: "state" })).data.step_count).toBe(1);
    socket.send({ type: "close" });
    expect(await socket.closed).toBe(1000);
    expect((await call(`${url}/state`, "GET", undefined, session(id))).body.step_count).toBe(1);
  });
});

describe("one session for all", () => {
  test("is begun by the first reset, and shared by every call that names none", async () => {
    const { url } = await startServer({ httpSessions: "shared" });
    expect((await call(`${url}/step`, "POST", { action: LOOK })).status).toBe(409);
    const resets = await Promise.all([1, 1, 1].map((seed) => call(`${url}/reset`, "POST", { seed })));
    expect(resets.map(({ status }) => status)).toEqual([200, 200, 200]);
    await call(`${url}/step`, "POST", { action: LOOK });
    await call(`${url}/step`, "POST", { action: LOOK });
    expect((await call(`${url}/state`, "GET")).body).toMatchObject({ step_count: 2, seed: 1 });
    const own = await call(`${url}/reset`, "POST", { seed: 5 }, session("new"));
    expect(own.body.metadata.info.seed).toBe(5);
    expect((await call(`${url}/state`, "GET")).body).toMatchObject({ step_count: 2, seed: 1 });
  });

  test("takes one slot", async () => {
    const { url } = await startServer({ httpSessions: "shared", maxSessions: 1, slotWaitMs: 10 });
    for (let i = 0; i < 5; i += 1) expect((await call(`${url}/reset`, "POST", {})).status).toBe(200); // oxlint-disable-line no-await-in-loop
    expect((await call(`${url}/reset`, "POST", {}, session("new"))).status).toBe(503);
  });
});

describe("bodies that are none", () => {
  test.for([
    ["/reset", "{", "application/json", issue("json_invalid", ["body"])],
    ["/reset", "NaN", "application/json", issue("json_invalid", ["body"])],
    ["/reset", "{}", "text/plain", issue("not_json", ["body"])],
    ["/reset", "{}", "nonsense;;", issue("not_json", ["body"])],
    ["/reset", "a=1", "application/x-www-form-urlencoded", issue("not_json", ["body"])],
    ["/reset", "[]", "application/json", issue("invalid_type", ["body"])],
    ["/reset", "5", "application/json", { ...issue("invalid_type", ["body"]), input: 5 }],
    ["/reset", '{"seed":"1"}', "application/json", issue("bad_option", ["body"])],
    ["/reset", '{"wild":1e400}', "application/json", issue("too_large", ["body"])],
    ["/reset", `{"wild":"${"x".repeat(8193)}"}`, "application/json", issue("too_large", ["body"])],
    [
      "/reset",
      '{"expected_step":-1}',
      "application/json",
      { ...issue("too_small", ["body", "expected_step"]), input: -1 },
    ],
    ["/step", "null", "application/json", issue("invalid_type", ["body"])],
    ["/step", "{}", "application/json", issue("custom", ["body", "action"])],
    [
      "/step",
      '{"action":1,"request_id":5}',
      "application/json",
      { ...issue("invalid_type", ["body", "request_id"]), input: 5 },
    ],
    ["/step", `{"action":${"[".repeat(32)}${"]".repeat(32)}}`, "application/json", issue("too_large", ["body"])],
    ["/step", `${"[".repeat(100_000)}${"]".repeat(100_000)}`, "application/json", issue("too_large", ["body"])],
    [
      "/step",
      JSON.stringify(Object.fromEntries(Array.from({ length: 257 }, (_, i) => [`k${i}`, 1]))),
      "application/json",
      issue("too_large", ["body"]),
    ],
  ] as const)("POST %s of %s as %s is 422", async ([path, body, type, expected]) => {
    const { url, id } = await opened();
    const reply = await call(`${url}${path}`, "POST", body, { ...session(id), "content-type": type });
    expect(reply.status).toBe(422);
    expect(reply.body).toEqual({ detail: [expected] });
    expect((await call(`${url}/state`, "GET", undefined, session(id))).body).toMatchObject({ step_count: 0, seed: 1 });
  });

  test("an invalid action is no invalid body, and what else stands beside it means nothing", async () => {
    const { url, id } = await opened();
    for (const action of [null, 5, [], "nonsense", { type: "reset" }, { reward: 1 }]) {
      // oxlint-disable-next-line no-await-in-loop
      const reply = await call(
        `${url}/step`,
        "POST",
        { action, reward: 1, done: true, score: 1, task_id: "x" },
        session(id),
      );
      expect([reply.status, reply.body.observation.result.status]).toEqual([200, "invalid"]);
    }
    expect((await call(`${url}/state`, "GET", undefined, session(id))).body.step_count).toBe(6);
  });

  test("a body of 256 KiB is read, and one of a byte more is 413", async () => {
    const { url } = await startServer();
    for (const [bytes, status] of [
      [262_143, 409],
      [262_144, 409],
      [262_145, 413],
    ] as const) {
      expect(ofBytes(bytes)).toHaveLength(bytes);
      expect((await call(`${url}/step`, "POST", ofBytes(bytes))).status).toBe(status); // oxlint-disable-line no-await-in-loop
    }
  });
});

describe("the modes", () => {
  test("production serves no reset, step or state over HTTP, and all else", async () => {
    const { url } = await startServer({ mode: "production" });
    for (const [method, path] of [
      ["POST", "/reset"],
      ["POST", "/step"],
      ["GET", "/state"],
    ] as const) {
      expect(await call(url + path, method)).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } }); // oxlint-disable-line no-await-in-loop
    }
    const { paths } = (await call(`${url}/openapi.json`, "GET")).body;
    expect(Object.keys(paths)).not.toContain("/reset");
    for (const path of ["/health", "/ready", "/metadata", "/schema", "/", "/list_environments"]) {
      expect((await call(url + path, "GET")).status).toBe(200); // oxlint-disable-line no-await-in-loop
    }
    const socket = await openSocket(url);
    expect((await socket.ask(reset())).type).toBe("observation");
  });

  test("OpenEnv's own variable sets it", async () => {
    const { readConfig } = await import("../../../env/server/config.ts");
    expect(readConfig({ env: { OPENENV_MODE: "production" } }).mode).toBe("production");
  });
});

describe("heads that are none", () => {
  test.for([
    ["a word", "nonsense\r\n\r\n", 400, "INVALID_REQUEST"],
    ["a broken header", "GET / HTTP/1.1\r\nHost localhost\r\n\r\n", 400, "INVALID_REQUEST"],
    [
      "two lengths",
      "POST /reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
      400,
      "INVALID_REQUEST",
    ],
    ["a long head", `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${"x".repeat(20_000)}\r\n\r\n`, 431, "HEAD_TOO_LARGE"],
    ["a slow head", "GET / HTTP/1.1\r\nHost: loc", 408, "TIMED_OUT"],
  ] as const)("%s is answered in our words, and the connection ends", async ([, bytes, status, code]) => {
    const { url } = await startServer({ headersMs: 300, requestMs: 400 });
    const answer = await answerTo(url, bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer.split("\r\n\r\n")[1]).toBe(JSON.stringify({ detail: HTTP_ERRORS[code].detail, code }));
  });
});
