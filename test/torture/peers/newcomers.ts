import { setTimeout as wait } from "node:timers/promises";
import { inParallel } from "../kit/parallel.ts";
import { asPeer } from "../kit/peer.ts";
import { leave, seat } from "../kit/slots.ts";
import type { FrameSocket } from "../transports/frame-socket.ts";

/** How clients fared that want a session of a full server and come again until they have one. */
export interface NewcomersResult {
  readonly seated: number;
  /** When the last one was seated, in milliseconds. */
  readonly afterMs: number;
  /** Attempts that met neither a session nor the refusal that says the server is full. */
  readonly failed: number;
}

/** Told to stop, it still lets them try for a while. Usage: newcomers.ts URL CLIENTS AGAIN_MS PATIENCE_MS */
const [url = "", count = "", againMs = "", patienceMs = ""] = process.argv.slice(2);
const stopping = new AbortController();
const seats: FrameSocket[] = [];
const began = performance.now();
let afterMs = Number.POSITIVE_INFINITY;
let failed = 0;

const coming = inParallel(Number(count), Number(count), async (i) => {
  await wait((i / Number(count)) * Number(againMs));
  while (!stopping.signal.aborted) {
    const attempt = await seat(url, 1); // oxlint-disable-line no-await-in-loop
    seats.push(...attempt.seated);
    failed += attempt.failed;
    if (attempt.seated.length > 0) return;
    await wait(Number(againMs)); // oxlint-disable-line no-await-in-loop
  }
}).then(() => {
  if (!stopping.signal.aborted) afterMs = performance.now() - began;
});

await asPeer<NewcomersResult>(async () => {
  await Promise.race([coming, wait(Number(patienceMs))]);
  stopping.abort();
  await coming;
  await leave(seats);
  return { seated: seats.length, afterMs: Number.isFinite(afterMs) ? afterMs : -1, failed };
});
