import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { connectVector } from "../../../env/client/vector.ts";
import type { VectorSocketOptions } from "../../../env/client/vector.ts";
import { rngFor } from "../../../env/core/rng.ts";
import { AUTORESETS, FLAGS, makeVectorEnv, NO_STEP, vectorSpec } from "../../../env/vector/index.ts";
import type { VectorBatch, VectorEnv } from "../../../env/vector/index.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { startProgram } from "../server/program.ts";
import { allowedAction } from "../vector/policy.ts";

const M = vectorSpec.mask_bytes;

function connect(url: string, options: Partial<VectorSocketOptions> = {}): VectorEnv {
  const env = connectVector(url, { numEnvs: 3, ...options });
  onTestFinished(() => env.close());
  return env;
}

/** A batch as bytes: numbers of single precision, as they are sent. */
const bytes = ({ observations, rewards, terminated, truncated, flags, masks, ended }: VectorBatch): string =>
  JSON.stringify([observations, rewards, terminated, truncated, flags, masks].map((block) => hex(block))) +
  JSON.stringify(ended.map(({ finalObservation, ...rest }) => [rest, hex(finalObservation ?? new Uint8Array())]));

const hex = (block: Float32Array | Uint8Array): string =>
  Buffer.from(block.buffer, block.byteOffset, block.byteLength).toString("hex");

/** An error's name, code and message. */
function refusalOf(act: () => unknown): { name: string; code: string; message: string } {
  try {
    act();
  } catch (error) {
    const { name, code, message } = error as Error & { code: string };
    return { name, code, message };
  }
  throw new Error("Nothing was refused.");
}

/** The server is a process of its own: calls put this thread to sleep. */
describe("a vector environment on a server", () => {
  test("gives the bytes that one in process gives, and refuses what it refuses", async () => {
    const url = await startProgram().url;
    let episodes = 0;
    for (const autoreset of AUTORESETS) {
      const near = makeVectorEnv({ suite: coreSuite, numEnvs: 3, autoreset, split: "all" });
      const far = connect(url, { autoreset, split: "all" });
      for (const act of [
        (env: VectorEnv) => env.step([0, 0, 0]),
        (env: VectorEnv) => env.reset({ mask: [true, true, false] }),
        (env: VectorEnv) => env.reset({ seeds: [1, 2] }),
        (env: VectorEnv) => env.reset({ seed: 1, seeds: [1, 2, 3] }),
        (env: VectorEnv) => env.reset({ taskIds: [null, null, "inc-999"] }),
      ]) {
        expect(refusalOf(() => act(far))).toEqual(refusalOf(() => act(near)));
      }
      const both = (act: (env: VectorEnv) => VectorBatch): VectorBatch => {
        const batch = act(near);
        expect(bytes(act(far))).toBe(bytes(batch));
        return batch;
      };
      const rng = rngFor(3, "vector-client", 0);
      let batch = both((env) => env.reset({ seed: 50 }));
      for (let step = 0; step < 60; step += 1) {
        const over = Array.from(batch.flags, (flags) => (flags & FLAGS.over) !== 0);
        if (autoreset === "disabled" && over.includes(true)) batch = both((env) => env.reset({ mask: over }));
        const { masks } = batch;
        const actions = Uint16Array.from(batch.flags, (_, i) => allowedAction(rng, masks, M * i));
        batch = both((env) => env.step(actions));
        episodes += batch.ended.length;
      }
      both((env) => env.reset({ seeds: [7, 7, 8], taskIds: [null, null, "inc-108"] }));
      both((env) => env.step(["check_status(cache)", null, NO_STEP]));
    }
    expect(episodes).toBeGreaterThan(15);
  });

  test("keeps its batches, says what is wrong, and frees its places when it is closed", async () => {
    const url = await startProgram("--max-sessions", "3").url;
    const env = connect(url);
    const first = env.reset({ seed: 1 });
    const kept = bytes(first);
    for (let step = 0; step < 3; step += 1) env.step([step, step, step]);
    expect(bytes(first)).toBe(kept);
    expect(refusalOf(() => env.step([0]))).toMatchObject({
      code: "BAD_OPTION",
      message: expect.stringMatching(/one action for each of 3/),
    });
    expect(refusalOf(() => env.reset({ seed: -1 }))).toMatchObject({ name: "EnvError", code: "BAD_OPTION" });
    expect(refusalOf(() => connect(url))).toMatchObject({ name: "ClientError", code: "CAPACITY_REACHED" });
    expect(refusalOf(() => connect(url, { taskIds: ["inc-9"] })).message).toMatch(/Unknown task "inc-9"/);
    env.step([0, 0, 0]);
    env.close();
    env.close();
    expect(refusalOf(() => env.step([0, 0, 0]))).toMatchObject({ code: "CLOSED" });
    connect(url).reset({ seed: 1 });
  });

  test("says when the server goes away, is not there, or wants a token", async () => {
    const token = "a-token-of-sixteen-characters";
    const program = startProgram("--control-token", token);
    const url = await program.url;
    expect(refusalOf(() => connect(url))).toMatchObject({
      code: "CONNECT_FAILED",
      message: expect.stringContaining("401"),
    });
    const env = connect(`${url}/`, { token });
    env.reset();
    program.child.kill("SIGKILL");
    await program.exit;
    expect(refusalOf(() => env.step([0, 0, 0]))).toMatchObject({ name: "ClientError", code: "CONNECTION_LOST" });
    expect(refusalOf(() => env.step([0, 0, 0]))).toMatchObject({ code: "CONNECTION_LOST" });
    expect(refusalOf(() => connect(url))).toMatchObject({ code: "CONNECT_FAILED" });
  });

  test("gives up when no reply comes", async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void silent.close());
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    expect(refusalOf(() => connect(url, { replyMs: 200 }))).toMatchObject({
      code: "TIMED_OUT",
      message: expect.stringContaining("200 ms"),
    });
  });
});
