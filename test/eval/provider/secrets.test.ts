import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openMemoryStore } from "../../../env/store/memory.ts";
import { redactDeep, redactor } from "../../../eval/provider/redact.ts";
import { redactedStore } from "../../../eval/provider/redacted-store.ts";
import { Secret } from "../../../eval/provider/secret.ts";
import { aCall, aPlan, aRun, aStep, failedEnd, finished, someRules, started, suite } from "../../env/store/fixtures.ts";

const KEY = "sk-proj-Zq81+/x==&7fGh";
const secret = new Secret(KEY);
const redact = redactor([secret]);

describe("a secret", () => {
  test("renders as stars wherever it may be shown", () => {
    const shown = [
      String(secret),
      "".concat(secret as unknown as string),
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ deep: [{ secret }] }, { depth: 9, showHidden: true }),
      Object.prototype.toString.call(secret),
      JSON.stringify(Object.entries(secret)),
      JSON.stringify(structuredClone(Object.assign({}, secret))),
      new Error("key", { cause: secret }).stack,
      inspect(new Error("key", { cause: secret })),
    ];
    for (const text of shown) expect(text).not.toContain("Zq81");
    expect(secret.reveal()).toBe(KEY);
  });

  test("has a fingerprint that is too short to find it by", () => {
    expect(secret.fingerprint()).toMatch(/^[0-9a-f]{8}$/);
    expect(secret.fingerprint()).not.toBe(new Secret(`${KEY}x`).fingerprint());
  });
});

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("redaction", () => {
  test.each([
    ["as it is", KEY],
    ["in a header", `Authorization: Bearer ${KEY}\r\n`],
    ["in a URL", `https://h/v1?key=${encodeURIComponent(KEY)}&x=1`],
    ["in other case", KEY.toUpperCase()],
    ["in Base64", base64(KEY)],
    ["in Base64 behind a user", base64(`user:${KEY}`)],
    ["in Base64 behind two characters", base64(`ab${KEY}`)],
    ["in Base64 for URLs", Buffer.from(`a${KEY}b`).toString("base64url")],
    ["in hexadecimal", Buffer.from(KEY).toString("hex")],
    ["cut off", `${KEY.slice(0, 12)}...`],
    ["masked", `${KEY.slice(0, 12)}****${KEY.slice(-4)}`],
  ])("finds a key %s", (_, text) => {
    const clean = redact(`before ${text} after`);
    expect(clean).toMatch(/^before .*\*\*\*.* after$/s);
    expect(clean).not.toContain(KEY.slice(0, 12));
    for (const part of [KEY, encodeURIComponent(KEY), base64(KEY).slice(0, 20)]) expect(clean).not.toContain(part);
  });

  test("leaves no key in any text around it, whatever the key", () => {
    const key = fc.string({ unit: fc.constantFrom(..."abcXYZ019-_.+/=$^*(".split("")), minLength: 13, maxLength: 60 });
    fc.assert(
      fc.property(key, fc.string(), fc.string(), fc.nat(2), (value, before, after, shift) => {
        const hide = redactor([new Secret(value)]);
        const text = `${before}${value}${after}${base64("x".repeat(shift) + value + after)}`;
        expect(hide(text)).not.toContain(value);
        expect(hide(text)).not.toContain(base64(value).slice(0, 16));
      }),
    );
  });

  test("leaves ordinary text as it is, also where a placeholder stands for a key", () => {
    const text = "an EMPTY cache and none of the keys";
    expect(redactor([new Secret("EMPTY"), new Secret("none")])(text)).toBe(text);
    expect(redact(text)).toBe(text);
    expect(redactor([])(text)).toBe(text);
  });

  test("goes through lists, objects and keys, and leaves what is no text", () => {
    const at = new Date(0);
    const nested = { list: [KEY, 1, null, true], [KEY]: { at }, bare: Object.assign(Object.create(null), { a: KEY }) };
    expect(redactDeep(nested, redact)).toEqual({ list: ["***", 1, null, true], "***": { at }, bare: { a: "***" } });
  });

  test("survives what is nested too deeply to be stored", () => {
    let deep: unknown = KEY;
    for (let i = 0; i < 100_000; i += 1) deep = [deep];
    expect(() => redactDeep(deep, redact)).not.toThrow();
  });
});

test("through a redacted store no text brings a key in", async () => {
  const bare = openMemoryStore();
  const store = redactedStore(bare, redact);
  await store.createRun(aRun("r", { name: KEY, config: { command: ["run", `--key=${KEY}`] } }), suite);
  const plan = aPlan(["llm"], ["inc-101"]);
  await store.plan("r", plan);
  const [slot] = await store.slots("r");
  const episodeId = await started(store, slot?.slotId ?? "");
  const permit = await store.takePermit(aCall("c", { modelRequested: KEY }), someRules(), {
    at: 0,
    served: [],
    backoffMs: 0,
  });
  if (permit.status === "held") throw new Error("Expected a permit.");
  await store.settlePermit(permit, someRules(), failedEnd(1, { errorMessage: KEY, errorCode: KEY, finishReason: KEY }));
  await store.addEvent({ runId: "r", at: 1, type: "halt", data: { detail: KEY } });
  const action = { type: "escalate", reason: `my key is ${KEY}` };
  await store.commitEpisode(
    finished(episodeId, { errorDetail: KEY, metrics: { [KEY]: 1 }, steps: [aStep(1, { action })] }),
  );
  await store.finishRun("r", { status: "halted", at: 2, reason: KEY });
  const all = [
    await bare.runs(),
    await bare.calls(),
    await bare.events("r"),
    await bare.episodes(),
    await bare.steps(episodeId),
  ];
  expect(JSON.stringify(all)).not.toContain(KEY.slice(0, 12));
  expect(JSON.stringify(all).match(/\*\*\*/g)?.length).toBe(11);
});
