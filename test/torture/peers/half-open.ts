import { asPeer } from "../kit/peer.ts";
import { seat } from "../kit/slots.ts";

/** What became of clients that were frozen in the middle of an episode. */
export interface HalfOpenResult {
  readonly held: number;
  /** Found their connection ended when they woke up. */
  readonly ended: number;
}

const WAKING_MS = 5000;

/** Takes sessions and holds them; frozen and woken by its parent. Usage: half-open.ts URL SESSIONS */
const [url = "", count = ""] = process.argv.slice(2);
const { seated } = await seat(url, Number(count));
let ended = 0;
for (const { closed } of seated) void closed.then(() => (ended += 1));

await asPeer<HalfOpenResult>(async () => {
  for (const { socket } of seated) if (socket.readyState === socket.OPEN) socket.ping(() => {});
  const until = performance.now() + WAKING_MS;
  while (ended < seated.length && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 20)); // oxlint-disable-line no-await-in-loop
  return { held: seated.length, ended };
});
