import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rngFor } from "../../../env/core/rng.ts";
import { FLAGS, makeVectorEnv, NO_STEP, vectorSpec } from "../../../env/vector/index.ts";
import { ACTIONS } from "../../../env/vector/actions/table.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { call, openSocket, reset as resetOne, startServer, step as stepOne } from "../server/fixtures.ts";
import { plain } from "./plain.ts";
import { allowedAction } from "./policy.ts";
import { open, openVector, readBatch, reset, step, stepBytes } from "./vector-socket.ts";

const M = vectorSpec.mask_bytes;
const AUTORESETS = ["next_step", "same_step"] as const;
const LOOK = ACTIONS.findIndex(({ text }) => text === "check_status(cache)");
const refused = (reason: string, message: RegExp) => ({
  type: "error",
  data: { code: "EXECUTION_ERROR", reason, message: expect.stringMatching(message) },
});
const invalid = (message: RegExp) => ({
  type: "error",
  data: { code: "VALIDATION_ERROR", message: expect.stringMatching(message) },
});

test("GET /vector/spec is the spec, and GET /vector without an upgrade is nothing", async () => {
  const { url } = await startServer({ maxVectorEnvs: 7 });
  const { body } = await call(`${url}/vector/spec`, "GET");
  expect(body).toEqual({ ...JSON.parse(JSON.stringify(vectorSpec)), max_envs: 7 });
  expect((await call(`${url}/vector`, "GET")).status).toBe(404);
});

describe.each(AUTORESETS)("batches under %s", (autoreset) => {
  test("are in binary and in JSON what they are in process", async () => {
    const { url } = await startServer();
    const [binary, json] = [await openVector(url), await openVector(url)];
    const options = { num_envs: 3, autoreset, reward_mode: "sparse" };
    expect(await binary.ask(open({ ...options, format: "binary" }))).toMatchObject({
      type: "vector_opened",
      data: { num_envs: 3, format: "binary", obs_dim: vectorSpec.obs_dim, action_space_id: vectorSpec.action_space_id },
    });
    await json.ask(open(options));
    const local = makeVectorEnv({ suite: coreSuite, numEnvs: 3, autoreset, rewardMode: "sparse" });

    const rng = rngFor(2, "socket", 0);
    let expected = plain(local.reset({ seed: 1 }));
    let bytes = await binary.ask(reset(1));
    let text = await json.ask(reset(1));
    for (let seq = 1; seq <= 40; seq += 1) {
      const { head, batch, left } = readBatch(bytes);
      expect(head).toMatchObject({ magic: "OCV1", kind: 2, headerBytes: 32, seq, isReset: seq === 1 });
      expect(head).toMatchObject({ numEnvs: 3, features: vectorSpec.obs_dim, actions: ACTIONS.length, maskBytes: M });
      expect(head.withFinals).toBe(autoreset === "same_step");
      expect(left).toBe(0);
      expect(batch).toEqual({ ...expected, ended: expected.ended.map(inSinglePrecision) });
      expect(fromJson(text)).toEqual({ seq, ...batch });
      const masks = Uint8Array.from(batch.masks);
      const actions = batch.flags.map((_, i) => allowedAction(rng, masks, M * i));
      expected = plain(local.step(actions));
      bytes = await binary.ask(stepBytes(seq + 1, actions));
      text = await json.ask(step(seq + 1, actions));
    }
  });
});

const inSinglePrecision = <T extends { score: number; return: number }>(record: T) => ({
  ...record,
  score: Math.fround(record.score),
  return: Math.fround(record.return),
});

/** A `vector_batch` in the shape of a binary one. */
function fromJson({ type, data }: { type: string; data: Record<string, never> }) {
  expect(type).toBe("vector_batch");
  const { observations, masks, terminated, truncated, ended, ...rest } = data as unknown as {
    observations: number[][];
    masks: string[];
    terminated: boolean[];
    truncated: boolean[];
    ended: { final_observation?: number[] }[];
  };
  return {
    ...rest,
    observations: observations.flat(),
    masks: masks.flatMap((mask) => [...Buffer.from(mask, "base64")]),
    terminated: terminated.map(Number),
    truncated: truncated.map(Number),
    ended: ended.map(({ final_observation, ...record }) => ({ ...record, final: final_observation ?? [] })),
  };
}

describe("seq", () => {
  test("starts at 1 and rises by 1; the same request again moves nothing and gives the same bytes", async () => {
    const { url } = await startServer();
    const client = await openVector(url);
    await client.ask(open({ num_envs: 2, format: "binary" }));
    expect(await client.ask(reset(2))).toMatchObject(refused("STEP_CONFLICT", /Expected seq 1, got 2/));
    const first: Buffer = await client.ask(reset(1));
    expect(await client.ask(reset(1))).toEqual(first);
    const second: Buffer = await client.ask(stepBytes(2, [LOOK, LOOK]));
    expect(await client.ask(stepBytes(2, [LOOK, LOOK]))).toEqual(second);
    expect(await client.ask(stepBytes(2, [LOOK, NO_STEP]))).toMatchObject(refused("STEP_CONFLICT", /Expected seq 3/));
    expect(await client.ask(reset(1))).toMatchObject(refused("STEP_CONFLICT", /Expected seq 3, got 1/));
    const third = readBatch(await client.ask(stepBytes(3, [NO_STEP, NO_STEP])));
    expect(third.batch.observations).toEqual(readBatch(second).batch.observations);
    expect(third.batch.flags).toEqual([FLAGS.idle, FLAGS.idle]);
  });

  test("does not rise with what is refused", async () => {
    const { url } = await startServer();
    const client = await openVector(url);
    expect(await client.ask(reset(1))).toMatchObject(refused("NOT_RESET", /vector_open must come before/));
    await client.ask(open({ num_envs: 2, autoreset: "disabled" }));
    expect(await client.ask(step(1, [0, 0]))).toMatchObject(refused("NOT_RESET", /reset\(\) must be called/));
    expect(await client.ask(reset(1, { seeds: [1] }))).toMatchObject(
      refused("BAD_OPTION", /each of 2 environments, got 1/),
    );
    expect(await client.ask(reset(1, { task_ids: [null, "inc-999"] }))).toMatchObject(refused("BAD_OPTION", /inc-999/));
    expect(await client.ask(reset(1, { seeds: [4, 4] }))).toMatchObject({ type: "vector_batch", data: { seq: 1 } });
    expect(await client.ask(step(2, [0]))).toMatchObject(refused("BAD_OPTION", /one action for each of 2/));
    await client.ask(step(2, ["escalate(me)", "check_status(cache)"]));
    expect(await client.ask(step(3, [0, 0]))).toMatchObject(refused("EPISODE_DONE", /over/));
    const partial = await client.ask(reset(3, { seeds: [9, null], reset_mask: [true, false] }));
    expect(partial.data.flags).toEqual([FLAGS.first, FLAGS.idle]);
  });
});

describe("a connection", () => {
  test("takes actions in every form that a single environment takes", async () => {
    const { url } = await startServer();
    const client = await openVector(url);
    await client.ask(open({ num_envs: 4 }));
    await client.ask(reset(1, { seeds: [4, 4, 4, 4] }));
    const actions = [LOOK, "check_status(cache)", { type: "check_status", service: "cache" }, ACTIONS.length];
    const { data } = await client.ask(step(2, actions));
    expect(data.flags).toEqual([0, 0, 0, FLAGS.invalid]);
    expect(data.observations[1]).toEqual(data.observations[0]);
    expect(data.observations[2]).toEqual(data.observations[0]);
  });

  test("shows what a single environment shows, when it is asked for everything", async () => {
    const { url } = await startServer();
    const [many, one] = [await openVector(url), await openSocket(url)];
    await many.ask(open({ num_envs: 1, observation: "full", autoreset: "same_step" }));
    const { data: first } = await many.ask(reset(1, { seed: 6, task_ids: ["inc-108"] }));
    const options = { seed: 6, task_id: "inc-108" };
    expect(first.observations[0]).toEqual((await one.ask(resetOne(options))).data.observation);
    const { data: second } = await many.ask(step(2, ["inspect_logs(cache)"]));
    expect(second.observations[0]).toEqual((await one.ask(stepOne("inspect_logs(cache)"))).data.observation);
    const { data: last } = await many.ask(step(3, ["resolve_incident(none, no_fault)"]));
    const end = (await one.ask(stepOne("resolve_incident(none, no_fault)"))).data;
    expect(last.ended[0].final_observation).toEqual(end.observation);
    expect(last.observations[0].result.message).toBe("You are on call. The page is open.");
  });

  test("tells the control plane where each episode stands, and how the last one ended", async () => {
    const { url } = await startServer();
    const client = await openVector(url);
    await client.ask(open({ num_envs: 2, task_ids: ["inc-108"] }));
    await client.ask(reset(1, { seeds: [5, 6] }));
    await client.ask(step(2, ["escalate(me)", LOOK]));
    const { data } = await client.ask({ type: "vector_info", data: { envs: [1, 0] } });
    const single = await openSocket(url);
    await single.ask(resetOne({ task_id: "inc-108", seed: 6 }));
    await single.ask(stepOne("check_status(cache)"));
    expect(data.envs[0].state).toEqual((await single.ask({ type: "state" })).data);
    expect(data.envs).toMatchObject([
      { env: 1, state: { step_count: 1, episode: null }, last_episode: null },
      { env: 0, state: { seed: 5, terminated: true }, last_episode: { ended: "escalated" } },
    ]);
    expect((await client.ask({ type: "vector_info" })).data.envs).toHaveLength(2);
    expect(await client.ask({ type: "vector_info", data: { envs: [2] } })).toMatchObject(
      refused("BAD_OPTION", /below 2/),
    );
  });

  test("refuses what it cannot open, and stays for another try", async () => {
    const { url } = await startServer({ maxVectorEnvs: 4 });
    const client = await openVector(url);
    const tries: [object, object][] = [
      [{ num_envs: 5 }, invalid(/at most 4, got 5/)],
      [{ num_envs: 1, format: "binary", observation: "full" }, invalid(/sent as JSON/)],
      [{ num_envs: 1, task_ids: ["inc-9"] }, refused("BAD_OPTION", /Unknown task "inc-9"/)],
      [{ num_envs: 1, split: "dev", task_ids: [coreSuite.splits.test[0]] }, refused("BAD_OPTION", /does not fit/)],
    ];
    for (const [data, error] of tries) expect(await client.ask(open(data))).toMatchObject(error);
    for (const data of [{}, { num_envs: 0 }, { num_envs: 1, autoreset: "x" }, { num_envs: 1, resumable: true }, null]) {
      expect(await client.ask(open(data as object))).toMatchObject({ data: { code: "VALIDATION_ERROR" } });
    }
    expect(await client.ask(open({ num_envs: 4 }))).toMatchObject({ type: "vector_opened" });
    expect(await client.ask(open({ num_envs: 1 }))).toMatchObject(invalid(/Connect again/));
  });

  test("says farewell when asked to", async () => {
    const { url } = await startServer();
    const client = await openVector(url);
    client.send({ type: "close" });
    expect(await client.closed).toBe(1000);
  });

  test("shares the pool of episodes: all places or none, and all come back", async () => {
    const { url } = await startServer({ maxSessions: 5, slotWaitMs: 1 });
    const [one, two] = [await openVector(url), await openVector(url)];
    await one.ask(open({ num_envs: 3 }));
    expect(await two.ask(open({ num_envs: 3 }))).toMatchObject({
      data: { code: "CAPACITY_REACHED", active_sessions: 3, max_sessions: 5 },
    });
    expect(await two.closed).toBe(1013);
    const three = await openVector(url);
    expect(await three.ask(open({ num_envs: 2 }))).toMatchObject({ type: "vector_opened" });
    const single = await openSocket(url);
    expect(await single.next()).toMatchObject({ data: { code: "CAPACITY_REACHED", active_sessions: 5 } });
    one.socket.terminate();
    await one.closed;
    const four = await openVector(url);
    expect(await untilOpened(four, 3)).toBe(true);
  });

  test("takes frames of more than 64 KiB and up to 1 MiB", async () => {
    const { url } = await startServer();
    const client = await openVector(url);
    await client.ask(open({ num_envs: 1 }));
    await client.ask(reset(1));
    expect(await client.ask(padded(step(2, [LOOK]), 1_000_000))).toMatchObject({
      type: "vector_batch",
      data: { flags: [0] },
    });
    client.send(padded(step(2, [LOOK]), 1_100_000));
    expect(await client.closed).toBe(1009);
    const single = await openSocket(url);
    single.send(`{"type":"state"}${" ".repeat(70_000)}`);
    expect(await single.closed).toBe(1009);
  });

  test("is closed with the server, once what has come is answered", async () => {
    const server = await startServer();
    const client = await openVector(server.url);
    await client.ask(open({ num_envs: 200, format: "binary" }));
    const batch = client.ask(reset(1));
    await call(`${server.url}/health`, "GET"); // by now the reset has come
    await server.close();
    expect(await client.closed).toBe(1012);
    expect(readBatch(await batch).head.seq).toBe(1);
  });

  test("needs the control token where there is one", async () => {
    const { url } = await startServer({ controlToken: "control-token-of-a-test" });
    expect((await call(`${url}/vector/spec`, "GET")).status).toBe(401);
    await expect(openSocket(url, {}, "/vector")).rejects.toThrow("401");
    const headers = { authorization: "Bearer control-token-of-a-test" };
    expect((await openSocket(url, { headers }, "/vector")).socket.readyState).toBe(1);
  });

  test("does not keep others waiting for a long batch", async () => {
    const { url } = await startServer();
    const [many, one] = [await openVector(url), await openSocket(url)];
    await many.ask(open({ num_envs: 150, format: "binary" }));
    const order: string[] = [];
    const batch = many.ask(reset(1)).then(() => order.push("batch"));
    const state = one.ask({ type: "state" }).then(() => order.push("state"));
    await Promise.all([batch, state]);
    expect(order).toEqual(["state", "batch"]);
  });
});

/** A frame with so many blanks behind it. */
const padded = (frame: object, blanks: number): string => `${JSON.stringify(frame)}${" ".repeat(blanks)}`;

/** Whether there is room in the end: the server learns of a broken socket a moment later. */
async function untilOpened(client: Awaited<ReturnType<typeof openVector>>, numEnvs: number): Promise<boolean> {
  return (await client.ask(open({ num_envs: numEnvs }))).type === "vector_opened";
}

describe("hostile frames", () => {
  const frames = fc.oneof(
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc.string(),
    fc.record({
      type: fc.constantFrom("vector_open", "vector_reset", "vector_step", "vector_info", "reset", "__proto__"),
      data: fc.oneof(
        fc.jsonValue(),
        fc.record({ seq: fc.oneof(fc.integer(), fc.double(), fc.string()), actions: fc.array(fc.jsonValue()) }),
        fc.record({ seq: fc.constant(99), seeds: fc.array(fc.integer()), reset_mask: fc.array(fc.boolean()) }),
        fc.record({ num_envs: fc.integer(), envs: fc.array(fc.integer()) }),
      ),
    }),
    fc.uint8Array({ maxLength: 64 }),
    fc
      .tuple(fc.nat(3), fc.array(fc.nat(65_535), { maxLength: 4 }))
      .map(([seq, actions]) => stepBytes(seq + 7, actions)),
    fc.constant(stepBytes(2, [0, 0]).subarray(0, 17)),
    fc.constant(`[${'{"a":'.repeat(200)}1${"}".repeat(200)}]`),
    fc.constant('{"type":"vector_step","data":{"seq":1e999,"actions":[NaN]}}'),
  );

  test.each(["json", "binary"])("get one error each and move nothing: %s", async (format) => {
    const { url } = await startServer();
    const client = await openVector(url);
    await client.ask(open({ num_envs: 2, format }));
    const before = await client.ask(reset(1));
    await fc.assert(
      fc.asyncProperty(frames, async (frame) => {
        const reply = await client.ask(frame);
        expect(reply.type === "error" || reply.type === "vector_info").toBe(true);
      }),
      { numRuns: 300 },
    );
    expect(await client.ask(reset(1))).toEqual(before);
    expect(await client.ask(step(2, [LOOK, LOOK]))).not.toMatchObject({ type: "error" });
  });

  test("an empty text and text that is no JSON are told apart from what is no request", async () => {
    const { url } = await startServer();
    const client = await openVector(url);
    expect(await client.ask("")).toMatchObject({ data: { code: "INVALID_JSON" } });
    expect(await client.ask("[]")).toMatchObject(invalid(/JSON object/));
    expect(await client.ask({ type: "step", data: 1 })).toMatchObject({
      data: { code: "UNKNOWN_TYPE", message: expect.stringContaining("vector_open") },
    });
    expect(await client.ask({ ...reset(1), extra: 1 })).toMatchObject({ data: { code: "VALIDATION_ERROR" } });
    expect(await client.ask(stepBytes(1, [0]))).toMatchObject(refused("NOT_RESET", /vector_open/));
    await client.ask(open({ num_envs: 1, format: "binary" }));
    await client.ask(reset(1));
    const wrong: [Uint8Array, RegExp][] = [
      [stepBytes(2, [0]).subarray(0, 15), /at least 16 bytes, got 15/],
      [Buffer.concat([Buffer.from("OCV2"), stepBytes(2, [0]).subarray(4)]), /4F 43 56 31/],
      [Buffer.concat([stepBytes(2, [0]).subarray(0, 4), Buffer.of(2), stepBytes(2, [0]).subarray(5)]), /kind 1/],
      [Buffer.concat([stepBytes(2, [0]), Buffer.of(0)]), /Expected 18 bytes for 1 environments, got 19/],
    ];
    for (const [frame, message] of wrong) expect(await client.ask(frame)).toMatchObject(invalid(message));
    expect(await client.ask(stepBytes(2, [0, 0]))).toMatchObject(refused("BAD_OPTION", /one action for each of 1/));
  });
});
