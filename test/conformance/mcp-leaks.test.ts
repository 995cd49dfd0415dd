import { describe, expect, onTestFinished, test } from "vitest";
import { parseAction } from "../../env/core/actions/parse.ts";
import type { Observation } from "../../env/core/observation.ts";
import type { Task } from "../../env/core/task.ts";
import { INSTRUCTIONS } from "../../env/mcp/instructions.ts";
import { tools } from "../../env/mcp/tools.ts";
import { readConfig } from "../../env/server/config.ts";
import { serve } from "../../env/server/server.ts";
import { secretIn, unexpectedFields } from "../env/core/visible.ts";
import { openEpisode, post, request } from "../env/mcp/fixtures.ts";
import { openSocket, reset } from "../env/server/fixtures.ts";
import { CANARY_SEED, plantCanaries } from "../leaks/canary-tasks.ts";
import { finder } from "../leaks/encodings.ts";
import { malformed } from "../leaks/malformed.ts";
import { policies } from "../leaks/policies.ts";
import { clients } from "./mcp-clients.ts";

const { suite, control, hidden } = plantCanaries();
const leaked = finder([...control, ...hidden, `${CANARY_SEED}`]);
/** Enough to see every kind of result and every difficulty, few enough for every run. */
const played = suite.tasks.filter((_, i) => i % 8 === 0);

/** Sends a request as a client of some kind and returns all that came back, as text. */
type Say = (method: string, params: object) => Promise<string>;

async function planted(task: Task): Promise<string> {
  const flags = { port: 0, logLevel: "silent", defaultSeed: CANARY_SEED, defaultTask: task.id };
  const server = await serve({ suite, config: readConfig({ flags }) });
  onTestFinished(() => server.close());
  return server.url;
}

const options = (task: Task) => ({ seed: CANARY_SEED, task_id: task.id });
const toText = async (reply: Promise<{ readonly text: string }>) => (await reply).text;

/** Every way to a tool. */
const doors: Readonly<Record<string, (url: string, task: Task) => Promise<Say>>> = {
  "POST /mcp, in a session": async (url, task) => {
    const { reply } = await post(`${url}/mcp`, request("openenv/session/create", options(task)));
    const { session_id } = reply.result;
    return (method, params) => toText(post(`${url}/mcp`, request(method, { ...params, session_id })));
  },
  "POST /mcp, without one": async (url) => (method, params) => toText(post(`${url}/mcp`, request(method, params))),
  "WebSocket /mcp": async (url) => {
    const client = await openSocket(url, {}, "/mcp");
    return async (method, params) => JSON.stringify(await client.ask(request(method, params)));
  },
  "frames of type mcp": async (url, task) => {
    const client = await openSocket(url);
    await client.ask(reset(options(task)));
    return async (method, params) => JSON.stringify(await client.ask({ type: "mcp", data: request(method, params) }));
  },
  "/e/<handle>, the dialect": async (url, task) => {
    const { address } = await openEpisode(url, options(task));
    return (method, params) => toText(post(`${address}/mcp`, request(method, params)));
  },
  "/e/<handle>, MCP of 2025": async (url, task) => {
    const { address } = await openEpisode(url, options(task));
    const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
    return async (method, params) => {
      const body = JSON.stringify(request(method, params));
      return (await fetch(`${address}/mcp`, { method: "POST", headers, body })).text();
    };
  },
  "/e/<handle>, MCP of 2026": async (url, task) => {
    const { address } = await openEpisode(url, options(task));
    const client = await (clients["SDK 2, revision 2026-07-28, HTTP"] as (typeof clients)[string])(address);
    return async (method, params) => {
      if (method === "tools/list") return JSON.stringify(await client.list());
      const { name, arguments: given } = params as { name: string; arguments: Record<string, unknown> };
      const called = await client.call(name, given).catch((error: Error) => ({ error: error.message }));
      return JSON.stringify(called);
    };
  },
};

describe.for(Object.entries(doors))("%s", ([, open]) => {
  test("shows no canary, before the end and after it", async () => {
    const found: string[] = [];
    let seen = 0;
    for (const [i, task] of played.entries()) {
      const say = await open(await planted(task), task); // oxlint-disable-line no-await-in-loop
      for (const [method, params] of script(task, i)) {
        const text = await say(method, params); // oxlint-disable-line no-await-in-loop
        expect(text).toMatch(/tools|text|content|error/);
        found.push(...leaked(text).map((secret) => `${secret} in ${text}`), ...controlWordsIn(text));
        seen += text.includes('"incident_id"') ? 1 : 0;
      }
    }
    expect(found).toEqual([]);
    expect(seen).toBeGreaterThan(60);
  });
});

/** A whole episode by tools, with what is no action between, and more calls after its end. */
function script(task: Task, turn: number): [string, object][] {
  const policy = Object.values(policies)[turn % 3];
  const wrong = malformed.slice(turn * 5, turn * 5 + 5);
  const after = ["check_status(cache)", "restart_service(cache)", ...wrong];
  return [
    ["tools/list", {}],
    ["tools/call", { name: "get_briefing", arguments: {} }],
    ...[...wrong, ...(policy?.(task, CANARY_SEED) ?? []), "escalate(someone)", ...after].map(asCall),
    ["tools/call", { name: "get_briefing", arguments: {} }],
    ["no/such", {}],
  ];
}

/** An action as a call; what is none is put where an argument belongs. */
function asCall(action: unknown): [string, object] {
  const parsed = parseAction(action);
  const { type = "inspect_logs", ...given } = (
    parsed.ok ? parsed.action : typeof action === "object" && action !== null ? action : { service: action }
  ) as { type?: unknown };
  return ["tools/call", { name: typeof type === "string" ? type : "inspect_logs", arguments: given }];
}

/** Fields of the control plane, wherever they stand, and fields of an observation that nobody listed. */
function controlWordsIn(text: string): string[] {
  const json = text.replace(/^event: message\ndata: /, "");
  const words = [...json.matchAll(CONTROL)].map(([word]) => `${word} in ${text}`);
  return [...words, ...observationsIn(JSON.parse(json)).flatMap(unexpectedFields)];
}

const CONTROL =
  /"(?:reward|done|terminated|truncated|info|metadata|task_id|seed|difficulty|episode|split|suite|metrics)":/g;

function observationsIn(value: unknown): Observation[] {
  if (typeof value !== "object" || value === null) return [];
  return "incident_id" in value ? [value as Observation] : Object.values(value).flatMap(observationsIn);
}

/** All that paths below an address answer to, whatever is asked. */
async function everythingAt(base: string): Promise<string[]> {
  const paths = ["", "/", "/health", "/mcp", "/state", "/reset", "/step", "/ws", "/session", "/schema", "/metadata"];
  return Promise.all(
    paths.flatMap((path) =>
      ["GET", "POST", "DELETE"].map(async (method) => {
        const response = await fetch(base + path, { method, ...(method === "POST" ? { body: "{}" } : {}) });
        return `${[...response.headers].join("\n")}\n${await response.text()}`;
      }),
    ),
  );
}

test("nothing below /e/<handle> shows one either, whatever is asked", async () => {
  const [task] = played as [Task];
  const url = await planted(task);
  const { address, reset: again } = await openEpisode(url, options(task));
  const texts = await everythingAt(address);
  await again(options(task));
  texts.push(...(await everythingAt(address)));
  expect(texts.flatMap(leaked)).toEqual([]);
  expect(texts.filter((text) => /"(?:task_id|seed|difficulty|reward|done)":/.test(text))).toEqual([]);
  expect(texts.length).toBe(66);
});

test("neither the tools nor their instructions use a judge's word", () => {
  expect(secretIn(INSTRUCTIONS)).toBeNull();
  const described = tools.map(({ name, description }) => `${name} ${description}`).join("\n");
  expect(secretIn(described)).toBeNull();
});
