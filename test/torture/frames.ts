import { rngFor } from "../../env/core/rng.ts";
import { inParallel } from "./kit/parallel.ts";
import { RawConnection } from "./kit/raw-connection.ts";
import { report } from "./kit/report.ts";
import { startServer } from "./kit/server-process.ts";
import { readSizes } from "./kit/sizes.ts";
import { lostSlots } from "./kit/slots.ts";
import { cutHandshakes, hostileStream } from "./payloads/hostile-streams.ts";
import type { Stream } from "./payloads/hostile-streams.ts";
import { hostileHead, soundButForOne } from "./payloads/http-heads.ts";
import { vectorStream } from "./payloads/vector-streams.ts";
import { frameBytes, readReceived } from "./payloads/websocket-bytes.ts";

/**
 * Hostile bytes on the socket and hostile heads of requests: the server neither ends nor loses a slot, closes with the
 * code that RFC 6455 names, and goes on where nothing is wrong.
 * Usage: frames.ts [streams] [heads] [seed], 500,000 and 100,000 without.
 */
const { streams, heads, seed } = readSizes("frames", { streams: 500_000, heads: 100_000 });

const SLOTS = 64;
const AT_ONCE = 32;
/** How long the server may take to do what a stream calls for. */
const PATIENCE_MS = 10_000;
/** An error names the key, so its answer cannot be taken for another's. */
const PROBES = {
  "/ws": frameBytes({ payload: Buffer.from('{"type":"state","probe-key":1}') }),
  "/vector": frameBytes({ payload: Buffer.from('{"type":"vector_info","probe-key":1}') }),
};
/** Share of the streams that go to the vector socket. */
const ON_VECTOR = 0.15;
/** Statuses that the protocol page names, and those of Node's own parser. */
const STATUSES = new Set([200, 101, 400, 401, 403, 404, 405, 406, 408, 409, 413, 415, 417, 422, 426, 431]);

const server = await startServer({
  flags: { "max-sessions": SLOTS, "request-ms": 3000, "headers-ms": 3000 },
});
const { host } = new URL(server.url);
const problems: string[] = [];
const kinds = new Map<string, number>();

const cut = cutHandshakes(host);
await inParallel(AT_ONCE, streams, async (i) => {
  const rng = rngFor(seed, "stream", i);
  const stream = cut[i] ?? (rng() < ON_VECTOR ? vectorStream : hostileStream)(rng, host);
  kinds.set(stream.kind, (kinds.get(stream.kind) ?? 0) + 1);
  const problem = await send(stream);
  if (problem !== null) problems.push(`stream ${i}, ${stream.kind}: ${problem}`);
});
await inParallel(AT_ONCE, heads, async (i) => {
  const rng = rngFor(seed, "head", i);
  const head = rng() < 0.3 ? soundButForOne(rng, host) : hostileHead(rng, host);
  const problem = await sendHead(head);
  if (problem !== null)
    problems.push(`head ${i}, ${JSON.stringify(head.toString("latin1").slice(0, 200))}: ${problem}`);
});

for (const problem of problems.slice(0, 20)) process.stderr.write(`${problem}\n`);
const isAlive = server.ended === null;
const lost = isAlive ? await lostSlots(server.url, SLOTS) : SLOTS;
const { code } = await server.stop();
report({
  bar: "frames",
  seed,
  facts: { streams, heads, kinds: kinds.size },
  zero: { exits: isAlive ? 0 : 1, lost_slots: lost, problems: problems.length },
  exactly: { exit_code: [code ?? -1, 0] },
});

/** Sends a stream and returns what was wrong with the server's reaction; null when it was as it should be. */
async function send({ path, bytes, wants, isCut }: Stream): Promise<string | null> {
  const connection = await RawConnection.open(server.url);
  const seen = () => readReceived(connection.received);
  try {
    connection.write(bytes);
    if (isCut) {
      connection.end();
      return (await connection.until(() => connection.isClosed, PATIENCE_MS)) ? null : "stays open after its end";
    }
    if (typeof wants === "number") {
      await connection.until(() => seen().closeCode !== null, PATIENCE_MS);
      const { closeCode } = seen();
      return closeCode === wants ? null : `expected close code ${wants}, got ${closeCode ?? "none"}`;
    }
    connection.write(PROBES[path]);
    await connection.until(() => seen().texts.at(-1)?.includes("probe-key") === true, PATIENCE_MS);
    const isAnswered = seen().texts.at(-1)?.includes("probe-key") === true;
    return isAnswered || (wants === "any" && connection.isClosed) ? null : "expected to go on, but nothing is answered";
  } finally {
    connection.destroy();
  }
}

/** The same for the head of a request: a documented status or the end of the connection, and never a 5xx. */
async function sendHead(head: Buffer): Promise<string | null> {
  const connection = await RawConnection.open(server.url);
  try {
    connection.write(head);
    connection.end();
    if (!(await connection.until(() => connection.isClosed, PATIENCE_MS))) return "stays open after its end";
    const answer = connection.received.toString("latin1").replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, "");
    if (answer === "") return null;
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
    return STATUSES.has(status) ? null : `got ${JSON.stringify(answer.slice(0, 80))}`;
  } finally {
    connection.destroy();
  }
}
