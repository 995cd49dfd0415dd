import { asPeer } from "../kit/peer.ts";
import { RawConnection } from "../kit/raw-connection.ts";
import { frameBytes, handshake } from "../payloads/websocket-bytes.ts";

/** How clients fared that take for ever. */
export interface SlowResult {
  /** Connections with an unfinished head, body or handshake that the server closed. */
  readonly closed: number;
  /** The longest time that one of these was open, in milliseconds. */
  readonly longestMs: number;
  /** Sockets that held a slot, stuck inside a frame or silent, and were told to go. */
  readonly gaveUp: number;
}

const BYTE_MS = 1000;

/**
 * Slow senders of heads, bodies and handshakes, a byte a second, which come again when they are closed; and sockets
 * that take a slot and then send their next frame a byte a second, or nothing at all, and answer no ping.
 * Usage: slow.ts URL SENDERS HOLDERS
 */
const [url = "", senders = "", holders = ""] = process.argv.slice(2);
const { host } = new URL(url);
const stopping = new AbortController();
let closed = 0;
let longestMs = 0;
let gaveUp = 0;

/** What each kind sends at once, and then byte by byte. */
const unfinished: readonly (readonly [atOnce: string, dripped: string])[] = [
  [`GET /health HTTP/1.1\r\nHost: ${host}\r\n`, "X-Slow: ".padEnd(5000, "z")],
  [
    `POST /reset HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n`,
    " ".repeat(5000),
  ],
  [handshake(host).slice(0, -4), "\r\nX-Slow: ".padEnd(5000, "z")],
];

const sending = Array.from({ length: Number(senders) }, async (_, i) => {
  const [atOnce, dripped] = unfinished[i % unfinished.length] as readonly [string, string];
  await drawnOut((i / Number(senders)) * BYTE_MS);
  while (!stopping.signal.aborted) {
    // oxlint-disable no-await-in-loop
    const began = performance.now();
    const connection = await RawConnection.open(url);
    connection.write(atOnce);
    for (const byte of dripped) {
      if (connection.isClosed || stopping.signal.aborted) break;
      connection.write(byte);
      await connection.until(() => connection.isClosed || stopping.signal.aborted, BYTE_MS);
    }
    longestMs = Math.max(longestMs, performance.now() - began);
    if (connection.isClosed) closed += 1;
    connection.destroy();
    // oxlint-enable no-await-in-loop
  }
});

const frame = frameBytes({ payload: Buffer.from('{"type":"state"}'.padEnd(5000)) });
const holding = await Promise.all(
  Array.from({ length: Number(holders) }, async (_, i) => {
    const connection = await RawConnection.open(url);
    connection.write(
      Buffer.concat([Buffer.from(handshake(host)), frameBytes({ payload: Buffer.from('{"type":"reset"}') })]),
    );
    await connection.until(() => connection.received.includes('{"type":"observation"'), 10_000);
    return { connection, isStuck: i % 2 === 0 };
  }),
);
const dripping = holding.map(async ({ connection, isStuck }) => {
  for (const byte of frame) {
    if (connection.isClosed || stopping.signal.aborted) break;
    if (isStuck) connection.write(Buffer.from([byte]));
    await connection.until(() => connection.isClosed || stopping.signal.aborted, BYTE_MS); // oxlint-disable-line no-await-in-loop
  }
  if (connection.isClosed) gaveUp += 1;
  connection.destroy();
});

await asPeer<SlowResult>(async () => {
  stopping.abort();
  await Promise.all([...sending, ...dripping]);
  return { closed, longestMs, gaveUp };
});

function drawnOut(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
