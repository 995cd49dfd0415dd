import { describe, expect, test } from "vitest";
import { ACTION_TYPES, actionDef } from "../../../env/contract/index.ts";
import { openSocket, reset, startServer, step } from "./fixtures.ts";
import type { RawSocket } from "./fixtures.ts";

/** A server with one open episode. */
async function midEpisode(): Promise<{ url: string; client: RawSocket }> {
  const { url } = await startServer();
  const client = await openSocket(url);
  await client.ask(reset({ seed: 1, text: false }));
  return { url, client };
}

/** A step of so many nested containers, the frame included. */
const deep = (depth: number) => `{"type":"step","data":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;

/** Free text may be anything well-formed. */
function isText(name: string, value: unknown): boolean {
  if (name !== "summary" && name !== "reason") return false;
  return (
    typeof value === "string" && /^\w*$/.test(value) && value.length < 9000 && (name === "summary" || value !== "")
  );
}

describe("frames that are no messages", () => {
  test.for([
    ["text", "not json", "INVALID_JSON"],
    ["nothing", "", "INVALID_JSON"],
    [
      "Python's NaN",
      '{"type":"step","data":{"type":"update_config","service":"cache","key":"ttl_s","value":NaN}}',
      "INVALID_JSON",
    ],
    ["Python's Infinity", '{"type":"reset","data":{"seed":Infinity}}', "INVALID_JSON"],
    ["a byte order mark", '\uFEFF{"type":"state"}', "INVALID_JSON"],
    ["no type", "{}", "UNKNOWN_TYPE"],
    ["a type from the prototype", '{"type":"constructor"}', "UNKNOWN_TYPE"],
    ["a type in __proto__", '{"__proto__":{"type":"state"}}', "UNKNOWN_TYPE"],
    ["a step without data", '{"type":"step"}', "VALIDATION_ERROR"],
    ["an extra key", '{"type":"state","x":1}', "VALIDATION_ERROR"],
    ["state with data", '{"type":"state","data":{}}', "VALIDATION_ERROR"],
    ["a reset with a list", '{"type":"reset","data":[]}', "VALIDATION_ERROR"],
    ["a number beyond all bounds", '{"type":"reset","data":{"seed":1e400}}', "VALIDATION_ERROR"],
    ["33 levels", deep(33), "VALIDATION_ERROR"],
    ["20,000 levels", deep(20_000), "VALIDATION_ERROR"],
    [
      "5,000 keys",
      JSON.stringify(step(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, 1])))),
      "VALIDATION_ERROR",
    ],
    ["a long text in options", JSON.stringify(reset({ wild: "x".repeat(8193) })), "VALIDATION_ERROR"],
  ] as const)("%s: a clear error, and the episode goes on", async ([, frame, code]) => {
    const { client } = await midEpisode();
    const before = await client.ask({ type: "state" });
    const reply = await client.ask(frame);
    expect(reply).toMatchObject({ type: "error", data: { code } });
    expect(reply.data.message.length).toBeGreaterThan(10);
    expect(Array.isArray(reply.data.errors)).toBe(code === "VALIDATION_ERROR");
    expect(await client.ask({ type: "state" })).toEqual(before);
  });

  test.for([
    ["a list", "[1]"],
    ["a number", "5"],
    ["a text", '"reset"'],
    ["null", "null"],
    ["a binary frame", Buffer.from('{"type":"state"}')],
  ] as const)("%s ends the session with the reason", async ([, frame]) => {
    const { client } = await midEpisode();
    client.socket.send(frame);
    expect(await client.next()).toMatchObject({ type: "error", data: { code: "SESSION_ERROR" } });
    expect(await client.closed).toBe(1000);
  });

  test("a frame of 10 MB closes its own connection with 1009 and no other", async () => {
    const { url, client } = await midEpisode();
    const other = await openSocket(url);
    await other.ask(reset({ seed: 2 }));
    client.send(`"${"x".repeat(10_000_000)}"`);
    expect(await client.closed).toBe(1009);
    expect((await other.ask(step("check_status(cache)"))).data.observation.result.status).toBe("ok");
  });

  test("a frame of 64 KiB is read, one of a byte more is not", async () => {
    const { client } = await midEpisode();
    const frame = JSON.stringify(step(""));
    const ofBytes = (bytes: number) => frame.replace('""', `"${"x".repeat(bytes - frame.length)}"`);
    expect((await client.ask(ofBytes(65_535))).data.observation.result.status).toBe("invalid");
    expect((await client.ask(ofBytes(65_536))).data.observation.result.status).toBe("invalid");
    client.send(ofBytes(65_537));
    expect(await client.closed).toBe(1009);
  });

  test("more than 64 fragments of one frame are refused", async () => {
    const { client } = await midEpisode();
    for (let i = 0; i < 100; i += 1) client.socket.send(" ", { fin: false });
    expect(await client.closed).toBe(1008);
  });
});

describe("actions that are none", () => {
  /** Values of every kind that is wrong for an argument. */
  const wrong: readonly unknown[] = [
    null,
    "",
    "moon",
    "__proto__",
    "constructor",
    "x".repeat(9000),
    "\ud800",
    -1,
    1e308,
    2 ** 53,
    0.5,
    true,
    [],
    ["cache"],
    {},
    { toString: "cache" },
  ];
  const valid: Readonly<Record<string, unknown>> = {
    service: "cache",
    key: "ttl_s",
    value: 300,
    fault: "crash",
    summary: "s",
    reason: "r",
  };

  /** Every action kind with every argument wrong in every way, and with arguments missing or unknown. */
  const cases = ACTION_TYPES.flatMap((type) => {
    const names = Object.keys(actionDef(type).args);
    const right = Object.fromEntries(names.map((name) => [name, valid[name]]));
    const required = names.filter((name) => !(type === "inspect_config" && name === "key") && name !== "summary");
    return [
      ...names.flatMap((name) =>
        wrong.filter((value) => !isText(name, value)).map((value) => ({ type, ...right, [name]: value })),
      ),
      ...required.map((name) => ({ type, ...right, [name]: undefined })),
      { type, ...right, reward: 1 },
      { type, ...right, toString: 1 },
    ];
  });

  const raw = [
    '{"type":"update_config","service":"cache","key":"__proto__","value":1}',
    '{"type":"update_config","service":"__proto__","key":"polluted","value":1}',
    '{"type":"update_config","service":"cache","key":"ttl_s","value":1e400}',
    '{"type":"update_config","service":"cache","key":"ttl_s","value":{"__proto__":{"polluted":1}}}',
    '{"__proto__":{"type":"restart_service","service":"cache"}}',
    '{"type":"restart_service","service":"cache","__proto__":{"polluted":1}}',
    '{"type":"restart_service","service":"cache","constructor":{"prototype":{"polluted":1}}}',
    "null",
    "5",
    "[]",
    '"restart_service(cache"',
    '"update_config(cache, __proto__, 1)"',
    '{"type":"restart_service(moon)"}',
  ];

  test("each is an invalid action: a step, a reason, and no change", async () => {
    const { url } = await startServer();
    const client = await openSocket(url);
    const frames = [...cases.map((action) => JSON.stringify(action)), ...raw];
    let steps = 0;
    for (const action of frames) {
      // oxlint-disable no-await-in-loop
      if (steps === 0) await client.ask(reset({ seed: 1, text: false }));
      const { type, data } = await client.ask(`{"type":"step","data":${action}}`);
      expect([action.slice(0, 200), type, data.observation.result.status]).toEqual([
        action.slice(0, 200),
        "observation",
        "invalid",
      ]);
      expect(data.observation.result.message.length).toBeGreaterThan(10);
      expect(data.observation.result.message.length).toBeLessThan(1000);
      steps += 1;
      expect(data.metadata.info.metrics).toEqual({ steps, invalid_actions: steps, changes: 0 });
      if (data.done) steps = 0;
      // oxlint-enable no-await-in-loop
    }
    expect(frames.length).toBeGreaterThan(150);
  });

  test("an episode after them is the one before them, and no prototype has changed", async () => {
    const { client } = await midEpisode();
    const names = Object.getOwnPropertyNames(Object.prototype).toSorted();
    const play = async () => {
      client.send(reset({ seed: 5 }));
      client.send(step("inspect_config(cache)"));
      return [await client.nextText(), await client.nextText()];
    };
    const before = await play();
    for (const action of raw) await client.ask(`{"type":"step","data":${action}}`); // oxlint-disable-line no-await-in-loop
    await client.ask('{"type":"reset","data":{"__proto__":{"polluted":1},"options":{"__proto__":{"seed":1}}}}');
    expect(await play()).toEqual(before);
    expect(Object.getOwnPropertyNames(Object.prototype).toSorted()).toEqual(names);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
