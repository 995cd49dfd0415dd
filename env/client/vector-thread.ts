import { workerData } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { WebSocket } from "ws";
import type { ClientErrorCode } from "./errors.ts";

/** What the thread is made with. */
export interface VectorThreadOrder {
  readonly address: string;
  readonly token: string | null;
  readonly connectMs: number;
  /** Takes frames and gives what came for them. */
  readonly port: MessagePort;
  /** One number, raised and called out whenever something was given. */
  readonly bell: SharedArrayBuffer;
}

/** What the thread gives: one reply for each frame, and at last why nothing comes any more. */
export type FromThread =
  | { readonly reply: string | ArrayBuffer }
  | { readonly ended: { readonly code: ClientErrorCode; readonly message: string } };

/** A WebSocket in a thread of its own, for one who sleeps until its replies come. A null instead of a frame ends it. */
const { address, token, connectMs, port, bell } = workerData as VectorThreadOrder;
const words = new Int32Array(bell);
const socket = new WebSocket(address, {
  handshakeTimeout: connectMs,
  perMessageDeflate: false,
  maxPayload: 0, // a batch of a thousand environments has megabytes
  ...(token === null ? {} : { headers: { authorization: `Bearer ${token}` } }),
});
socket.binaryType = "arraybuffer";
/** Frames that came before the socket was open. */
const early: (string | Uint8Array)[] = [];
let hasOpened = false;

socket.on("open", () => {
  hasOpened = true;
  for (const frame of early.splice(0)) socket.send(frame);
});
socket.on("message", (data: ArrayBuffer, isBinary: boolean) =>
  give({ reply: isBinary ? data : Buffer.from(data).toString() }),
);
socket.on("error", (cause) => {
  if (hasOpened) return end("CONNECTION_LOST", cause.message);
  const code = /timed out/.test(cause.message) ? "TIMED_OUT" : "CONNECT_FAILED";
  end(code, `Could not connect to ${address}: ${cause.message}`);
});
socket.on("close", (code) => end("CONNECTION_LOST", `The server closed with code ${code}.`));
port.on("message", (frame: string | Uint8Array | null) => {
  if (frame === null) leave();
  else if (socket.readyState === WebSocket.CONNECTING) early.push(frame);
  else socket.send(frame, () => {}); // what became of the socket, its end tells
});

function give(message: FromThread): void {
  port.postMessage(message);
  Atomics.add(words, 0, 1);
  Atomics.notify(words, 0);
}

function end(code: ClientErrorCode, message: string): void {
  give({ ended: { code, message } });
  port.close();
}

function leave(): void {
  if (socket.readyState === WebSocket.OPEN) socket.send('{"type":"close"}'); // frees the places at once
  socket.close(1000);
  port.close();
}
