import { describe, expect, test } from "vitest";
import { openSocket, reset, startServer, step } from "./fixtures.ts";

const refusal = (reason: string) => ({ type: "error", data: { code: "EXECUTION_ERROR", reason } });

describe("/ws", () => {
  test("plays an episode: reset, steps, state, end, next episode, close", async () => {
    const { url } = await startServer();
    const client = await openSocket(url);
    const first = await client.ask(reset({ seed: 7, task_id: "inc-117", episode_id: "run3-ep12" }));
    expect(first).toMatchObject({ type: "observation", data: { reward: null, done: false } });
    expect(first.data.metadata.info).toMatchObject({ task_id: "inc-117", seed: 7, ignored_options: [] });
    expect(first.data.observation.metadata).toEqual({ terminated: false, truncated: false, info: {} });

    const second = await client.ask(step({ type: "inspect_logs", service: "database", metadata: {} }));
    expect(second.data).toMatchObject({
      done: false,
      observation: { result: { status: "ok", data: { kind: "logs" } } },
    });
    expect(Number.isFinite(second.data.reward)).toBe(true);

    const { type, data } = await client.ask({ type: "state" });
    expect([type, data.episode_id, data.step_count, data.episode]).toEqual(["state", "run3-ep12", 1, null]);

    const last = await client.ask(step("escalate(nobody)"));
    expect(last.data).toMatchObject({ done: true, metadata: { terminated: true, info: { episode: { score: 0 } } } });
    expect((await client.ask({ type: "state" })).data.episode).toEqual(last.data.metadata.info.episode);

    expect((await client.ask(reset({ seed: 8 }))).data.done).toBe(false);
    client.send({ type: "close" });
    expect(await client.closed).toBe(1000);
  });

  test("a first frame that comes with the handshake is answered", async () => {
    const { url } = await startServer();
    const client = await openSocket(url, { finishRequest: (request) => request.end() });
    client.send({ type: "state" });
    expect((await client.next()).data).toEqual({ episode_id: null, step_count: 0 });
  });

  test("a burst of frames gets one reply each, in order", async () => {
    const { url } = await startServer();
    const client = await openSocket(url);
    client.send(reset({ seed: 1, text: false }));
    for (let i = 0; i < 500; i += 1) client.send(i % 2 === 0 ? { type: "state" } : `broken ${i}`);
    expect((await client.next()).type).toBe("observation");
    for (let i = 0; i < 500; i += 1) {
      expect((await client.next()).type).toBe(i % 2 === 0 ? "state" : "error"); // oxlint-disable-line no-await-in-loop
    }
  });

  test("a step before a reset and after the end is refused, and changes nothing", async () => {
    const { url } = await startServer();
    const client = await openSocket(url);
    expect(await client.ask(step("check_status(cache)"))).toMatchObject(refusal("NOT_RESET"));
    expect((await client.ask({ type: "state" })).data.step_count).toBe(0);
    await client.ask(reset());
    await client.ask(step("escalate(me)"));
    const before = await client.ask({ type: "state" });
    expect(await client.ask(step("check_status(cache)"))).toMatchObject(refusal("EPISODE_DONE"));
    expect(await client.ask({ type: "state" })).toEqual(before);
  });

  test("a refused reset says what is valid and leaves the episode running", async () => {
    const { url } = await startServer();
    const client = await openSocket(url);
    await client.ask(reset());
    const before = await client.ask({ type: "state" });
    for (const [options, message] of [
      [{ task_id: "inc-17" }, /^Unknown task "inc-17". Did you mean "inc-1.7"\? Tasks: inc-1/],
      [{ task_id: "inc-117", split: "test" }, /does not fit the other options/],
      [{ task_id: "inc-117", index: 4000 }, /not 4000/],
      [{ split: "train", index: 4000 }, /expected one of 0, 1/],
      [{ seed: 1e300 }, /seed: expected a whole number/],
      [{ seed: "1" }, /got "1"/],
    ] as const) {
      const reply = await client.ask(reset(options)); // oxlint-disable-line no-await-in-loop
      expect(reply).toMatchObject(refusal("BAD_OPTION"));
      expect(reply.data.message).toMatch(message);
    }
    expect(await client.ask({ type: "state" })).toEqual(before);
  });

  test("unseeded resets go on from the last seed given, each session for itself", async () => {
    const { url } = await startServer();
    const seeds = async () => {
      const client = await openSocket(url);
      const found: number[] = [];
      for (const data of [{ seed: 9 }, {}, {}]) {
        found.push((await client.ask(reset(data))).data.metadata.info.seed); // oxlint-disable-line no-await-in-loop
      }
      return found;
    };
    const [one, two] = await Promise.all([seeds(), seeds()]);
    expect(one).toEqual(two);
    expect(new Set(one).size).toBe(3);
  });

  test("two interleaved sessions are each as if alone, byte for byte", async () => {
    const { url } = await startServer();
    const scripts = [
      [reset({ seed: 1 }), step("inspect_metrics(cache)"), step("restart_service(cache)"), step("escalate(a)")],
      [reset({ seed: 2 }), step("nonsense"), step("update_config(cache, ttl_s, 60)"), step("inspect_logs(database)")],
    ] as const;
    const alone = await Promise.all(
      scripts.map(async (script) => {
        const client = await openSocket(url);
        script.forEach((frame) => client.send(frame));
        return Promise.all(script.map(() => client.nextText()));
      }),
    );
    const clients = [await openSocket(url), await openSocket(url)] as const;
    const together: string[][] = [[], []];
    for (let turn = 0; turn < 4; turn += 1) {
      for (const i of [0, 1] as const) {
        clients[i].send(scripts[i][turn]);
        together[i]?.push(await clients[i].nextText()); // oxlint-disable-line no-await-in-loop
      }
    }
    expect(together).toEqual(alone);
  });
});
