import { setTimeout as wait } from "node:timers/promises";
import { wrongWhenFull } from "./kit/full.ts";
import { inParallel } from "./kit/parallel.ts";
import { notRun, report } from "./kit/report.ts";
import { canLookInside, startServer } from "./kit/server-process.ts";
import { readSizes } from "./kit/sizes.ts";
import { leave, lostSlots, seat } from "./kit/slots.ts";
import { FrameSocket } from "./transports/frame-socket.ts";

/**
 * Ten times as many clients as there are slots: every slot is taken, none twice, the others are told. Then sessions
 * opened and closed many times: memory is level, files and sockets are back, no slot is gone.
 * Usage: slots.ts [resets] [slots] [cycles] [seed], 10,000, 1,000 and 200,000 without.
 */
const { resets, slots, cycles, seed } = readSizes("slots", { resets: 10_000, slots: 1000, cycles: 200_000 });
if (!canLookInside) notRun("slots", "/proc, to count a server's open files");

const CLIENTS_AT_ONCE = 500;
const CYCLES_AT_ONCE = 50;
/** Memory is level when it differs by no more than this share from what it was after a third of the cycles. */
const LEVEL = 0.05;
/** How long closed connections may take to be cleared away. */
const CLEARING_MS = 10_000;

const server = await startServer({ flags: { "max-sessions": slots, "slot-wait-ms": 50 } });
await cycle(0); // what is loaded on first use is there
const filesBefore = await settledFiles(0);

const { seated, refused, failed } = await seat(server.url, resets, CLIENTS_AT_ONCE);
let unanswered = 0;
await inParallel(CLIENTS_AT_ONCE, seated.length, async (i) => {
  const reply = await seated[i]?.ask('{"type":"state"}').catch(() => "");
  if (!reply?.includes('"step_count":0')) unanswered += 1;
});
const wrong = await wrongWhenFull(server.url, slots);
for (const line of wrong) process.stderr.write(`full, but ${line}\n`);
await leave(seated);
const lostAfterCrowd = await lostSlots(server.url, slots);

const third = Math.floor(cycles / 3);
await inParallel(CYCLES_AT_ONCE, third, cycle);
await settledFiles(filesBefore);
const heapBefore = await server.heapMib();
await inParallel(CYCLES_AT_ONCE, cycles - third, (i) => cycle(third + i));
const filesAfter = await settledFiles(filesBefore);
const heapAfter = await server.heapMib();
const change = heapAfter / heapBefore - 1;
const lostAfterCycles = await lostSlots(server.url, slots);
const { code } = await server.stop();

report({
  bar: "slots",
  seed,
  facts: { resets, slots, cycles, heap_mib: [heapBefore, heapAfter].map((mib) => Number(mib.toFixed(1))) },
  zero: {
    failed,
    unanswered,
    wrong_when_full: wrong.length,
    lost_after_crowd: lostAfterCrowd,
    lost_after_cycles: lostAfterCycles,
    heap_not_level: Math.abs(change) > LEVEL ? 1 : 0,
    files_left_open: Math.max(0, filesAfter - filesBefore),
  },
  exactly: { live: [seated.length, slots], refused: [refused, resets - slots], exit_code: [code ?? -1, 0] },
});

/** A session from its opening to its end, which comes in one of three ways. */
async function cycle(i: number): Promise<void> {
  const socket = await FrameSocket.open(server.url);
  await socket.ask(`{"type":"reset","data":{"seed":${(seed % 1000) * 1_000_000 + i},"text":false}}`);
  if (i % 3 === 0) socket.cut();
  else if (i % 3 === 1) socket.send('{"type":"close"}');
  else socket.socket.close();
  await socket.closed;
}

/** Open files once no more are being closed, or none but so many are left. */
async function settledFiles(wanted: number): Promise<number> {
  const until = performance.now() + CLEARING_MS;
  let last = server.openFiles();
  for (;;) {
    await wait(200); // oxlint-disable-line no-await-in-loop
    const now = server.openFiles();
    if (now <= wanted || (now === last && wanted === 0) || performance.now() > until) return now;
    last = now;
  }
}
