import { setTimeout as wait } from "node:timers/promises";
import { FrameSocket } from "../transports/frame-socket.ts";
import { inParallel } from "./parallel.ts";

const RESET = '{"type":"reset","data":{"seed":1,"text":false}}';
/** Sockets that ask at the same time. */
const AT_ONCE = 100;

/** What became of clients that all wanted a session. */
export interface Seating {
  /** Got a session and an episode in it. */
  readonly seated: readonly FrameSocket[];
  /** Were told that the server is full. */
  readonly refused: number;
  /** Met anything else. */
  readonly failed: number;
}

/** Connects clients, each of which asks for an episode at once. */
export async function seat(url: string, count: number, atOnce: number = AT_ONCE): Promise<Seating> {
  const seated: FrameSocket[] = [];
  let refused = 0;
  let failed = 0;
  const one = async (): Promise<void> => {
    const socket = await FrameSocket.open(url);
    const reply = await socket.ask(RESET);
    if (reply.startsWith('{"type":"observation"')) seated.push(socket);
    else if (reply.includes('"CAPACITY_REACHED"') && (await socket.closed) === 1000) refused += 1;
    else failed += 1;
  };
  await inParallel(atOnce, count, () => one().catch(() => void (failed += 1)));
  return { seated, refused, failed };
}

/** Ends sessions in good order, so that their slots are free once this resolves. */
export async function leave(sockets: readonly FrameSocket[]): Promise<void> {
  await Promise.all(sockets.map((socket) => socket.close()));
}

/** How many slots a server has lost, of those that it was started with: 0 when all can be taken, and not one more. */
export async function lostSlots(url: string, max: number): Promise<number> {
  await wait(200); // the last connections are still being cleared away
  const { seated } = await seat(url, max);
  const beyond = await seat(url, 1);
  await leave([...seated, ...beyond.seated]);
  return max - seated.length - beyond.seated.length;
}
