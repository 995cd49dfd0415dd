import { asPeer } from "../kit/peer.ts";
import { RawConnection } from "../kit/raw-connection.ts";
import { frameBytes, handshake, readReceived } from "../payloads/websocket-bytes.ts";

/** What clients met that announce far more than any server should take. */
export interface OversizeResult {
  readonly announced: number;
  /** Sockets that were closed with another code than 1009, bodies that were answered with another status than 413. */
  readonly wrong: number;
}

const HUGE = 100 * 2 ** 20;
const PATIENCE_MS = 20_000;

/** Announces 100 MiB again and again, on sockets and as bodies. Usage: oversize.ts URL SOCKETS */
const [url = "", count = ""] = process.argv.slice(2);
const { host } = new URL(url);
const stopping = new AbortController();
let announced = 0;
let wrong = 0;

const frame = Buffer.concat([
  Buffer.from(handshake(host)),
  frameBytes({ announced: BigInt(HUGE), payload: Buffer.alloc(60_000, 32) }),
]);
const body = Buffer.concat([
  Buffer.from(
    `POST /reset HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${HUGE}\r\n\r\n`,
  ),
  Buffer.alloc(60_000, 32),
]);

const onSocket = async (): Promise<boolean> => {
  const connection = await RawConnection.open(url);
  connection.write(frame);
  await connection.until(() => readReceived(connection.received).closeCode !== null, PATIENCE_MS);
  connection.destroy();
  return readReceived(connection.received).closeCode === 1009;
};

const asBody = async (): Promise<boolean> => {
  const connection = await RawConnection.open(url);
  connection.write(body);
  await connection.until(() => connection.received.includes("\r\n\r\n"), PATIENCE_MS);
  connection.destroy();
  return connection.received.toString("latin1").startsWith("HTTP/1.1 413 ");
};

const workers = Array.from({ length: Number(count) }, async (_, i) => {
  while (!stopping.signal.aborted) {
    const isRefused = await (i % 4 === 0 ? asBody() : onSocket()).catch(() => false); // oxlint-disable-line no-await-in-loop
    if (stopping.signal.aborted) break;
    announced += 1;
    if (!isRefused) wrong += 1;
    await new Promise((resolve) => setTimeout(resolve, 1000)); // oxlint-disable-line no-await-in-loop
  }
});

await asPeer<OversizeResult>(async () => {
  stopping.abort();
  await Promise.all(workers);
  return { announced, wrong };
});
