import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { openSocket, startServer } from "./fixtures.ts";

/** Status of a GET with exactly these headers; `fetch` would not send a foreign Host. */
function statusOf(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on("error", reject).end();
  });
}

/** 101 for an upgrade that was accepted, otherwise the status of the refusal. */
async function upgradeStatus(url: string, headers: Record<string, string>, path = "/ws"): Promise<number> {
  try {
    await openSocket(url, { headers }, path);
    return 101;
  } catch (error) {
    return Number(/response: (\d+)/.exec((error as Error).message)?.[1]);
  }
}

const goodHosts = [
  "localhost",
  "localhost:1",
  "LOCALHOST:8000",
  "127.0.0.1",
  "127.0.0.1:65535",
  "[::1]",
  "[::1]:8000",
  "gym.example",
  "gym.example:443",
];
const badHosts = [
  "evil.example",
  "localhost.evil.example",
  "127.0.0.1.evil.example",
  "127.0.0.2",
  "[::2]",
  "localhost:",
  "localhost:8000:8000",
  "localhost@evil.example",
  "gym.example.evil.example",
  "0.0.0.0",
];
const goodOrigins = [undefined, "https://app.example", "HTTPS://APP.EXAMPLE"];
const badOrigins = [
  "null",
  "http://app.example",
  "https://app.example:444",
  "https://app.example.evil.example",
  "http://localhost",
  "http://127.0.0.1:3000",
  "file://",
  "",
];

const table = [
  ...goodHosts.flatMap((host) => goodOrigins.map((origin) => ({ host, origin, allowed: true }))),
  ...goodHosts.flatMap((host) => badOrigins.map((origin) => ({ host, origin, allowed: false }))),
  ...badHosts.flatMap((host) => [...goodOrigins, ...badOrigins].map((origin) => ({ host, origin, allowed: false }))),
];

describe("Host and Origin", () => {
  test("are checked on every route, on the upgrade and where nothing is served", async () => {
    const { url } = await startServer({ allowedHosts: "gym.example", allowedOrigins: "https://app.example" });
    for (const { host, origin, allowed } of table) {
      const headers: Record<string, string> = { host, ...(origin === undefined ? {} : { origin }) };
      // oxlint-disable-next-line no-await-in-loop
      const seen = [
        ...(await Promise.all(["/health", "/schema", "/ws", "/nope"].map((path) => statusOf(url + path, headers)))),
        await upgradeStatus(url, headers),
        await upgradeStatus(url, headers, "/nope"),
      ];
      expect({ host, origin, seen }).toEqual({
        host,
        origin,
        seen: allowed ? [200, 200, 404, 404, 101, 404] : Array(6).fill(403),
      });
    }
  });

  test("no page may connect unless it is listed, and no answer tells browsers otherwise", async () => {
    const { url } = await startServer();
    const refused = await fetch(`${url}/health`, { headers: { origin: "http://localhost:3000" } });
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ code: "FORBIDDEN_ORIGIN" });
    const headers = [...(await fetch(`${url}/health`)).headers.keys()];
    expect(headers.filter((name) => name.startsWith("access-control"))).toEqual([]);
  });
});

describe("the control token", () => {
  const token = "a-token-of-sixteen-characters";

  test("is demanded everywhere but at /health", async () => {
    const { url } = await startServer({ controlToken: token });
    expect(await statusOf(`${url}/health`, {})).toBe(200);
    for (const headers of [
      {},
      { authorization: "Bearer wrong" },
      { authorization: token },
      { authorization: `Basic ${token}` },
    ]) {
      // oxlint-disable no-await-in-loop
      for (const path of ["/", "/schema", "/metadata", "/ws", "/nope"])
        expect(await statusOf(url + path, headers)).toBe(401);
      expect(await upgradeStatus(url, headers)).toBe(401);
      // oxlint-enable no-await-in-loop
    }
    const right = { authorization: `Bearer ${token}` };
    expect(await statusOf(`${url}/schema`, right)).toBe(200);
    expect(await upgradeStatus(url, right)).toBe(101);
    expect(await upgradeStatus(url, { "sec-websocket-protocol": `bearer.${token}` })).not.toBe(401);
  });

  test("may come as a subprotocol, which the server does not repeat", async () => {
    const { url } = await startServer({ controlToken: token });
    const { WebSocket } = await import("ws");
    const socket = new WebSocket(`${url.replace("http", "ws")}/ws`, ["oncall", `bearer.${token}`]);
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    expect(socket.protocol).toBe("oncall");
    socket.terminate();
  });
});
