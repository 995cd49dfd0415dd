import { connect } from "node:net";
import type { Socket } from "node:net";
import { asPeer } from "../kit/peer.ts";
import { frameBytes, handshake } from "../payloads/websocket-bytes.ts";

/** What clients did that send as much as they can and read nothing. */
export interface FloodResult {
  /** MiB that the server took from them. */
  readonly sentMib: number;
  /** Times that the server put an end to one. */
  readonly ended: number;
}

/** Floods a server from sockets that are never read. Usage: flood.ts URL SOCKETS */
const [url = "", count = ""] = process.argv.slice(2);
const { host, hostname, port } = new URL(url);
const repeated = (times: number, ...texts: readonly string[]): Buffer =>
  Buffer.concat(
    Array.from({ length: times }, () => texts.map((text) => frameBytes({ payload: Buffer.from(text) }))).flat(),
  );
/** Some ask for the longest replies, the others for as many as can be. */
const BURSTS = [
  repeated(
    50,
    '{"type":"reset","data":{"seed":1}}',
    ...Array<string>(6).fill('{"type":"step","data":"inspect_metrics(web_server)"}'),
  ),
  repeated(2000, "{}"),
] as const;

const sockets = new Set<Socket>();
let isStopping = false;
let sent = 0;
let ended = 0;

function flood(burst: Buffer): void {
  const socket = connect({ host: hostname, port: Number(port) });
  sockets.add(socket);
  const pour = (): void => {
    do sent += burst.length;
    while (!socket.destroyed && socket.write(burst));
  };
  socket.on("connect", () => {
    socket.pause();
    socket.write(handshake(host));
    pour();
  });
  socket.on("drain", pour);
  socket.on("error", () => {}); // a close follows
  socket.on("close", () => {
    sockets.delete(socket);
    if (isStopping) return;
    ended += 1;
    setTimeout(() => flood(burst), 100);
  });
}
for (let i = 0; i < Number(count); i += 1) flood(BURSTS[i % 2] as Buffer);

await asPeer<FloodResult>(() => {
  isStopping = true;
  for (const socket of sockets) socket.destroy();
  return { sentMib: sent / 2 ** 20, ended };
});
