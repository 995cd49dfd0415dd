import { once } from "node:events";
import { createHistogram } from "node:perf_hooks";
import type { RecordableHistogram } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { WebSocket } from "ws";
import { CLOSE_CODES } from "../../../env/server/socket/close-codes.ts";
import { exchanges } from "./exchanges.ts";
import type { Exchange } from "./exchanges.ts";

/** What clients met since they were last asked. */
export interface Tally {
  /** Frames answered rightly, byte for byte. */
  replies: number;
  /** Episodes of which the verdict arrived. */
  episodes: number;
  /** Replies that are of another session's episode. */
  crossed: number;
  /** Replies that are otherwise not what the twin says, or that nobody asked for. */
  wrong: number;
  /** Requests that were never answered. */
  lost: number;
  /** Connections that ended before they were told to. */
  failed: number;
  /** Connections that the server closed because it drains; a request may be unanswered then, and moved nothing. */
  drained: number;
  /** Of whole requests, in microseconds. */
  readonly latency: RecordableHistogram;
  /** How long it was counted, in seconds. */
  seconds: number;
}

export interface ClientPlan {
  readonly url: string;
  readonly count: number;
  readonly seed: number;
  /** Between a reply and the next request, in milliseconds. */
  readonly thinkMs: number;
}

/** Connections that are opened at the same time. */
const AT_ONCE = 100;
const CONNECT_MS = 20_000;
/** How long an answer may take before it counts as lost. */
const REPLY_MS = 30_000;

/** Many clients that play whole episodes, each beside a twin in this process, and compare every byte. */
export class Clients {
  readonly #clients: readonly Client[];
  #tally = emptyTally();
  #since = performance.now();

  private constructor(clients: readonly Client[]) {
    this.#clients = clients;
  }

  /** Connects them all; then each begins to play. Rejects when one cannot connect. */
  static async start({ url, count, seed, thinkMs }: ClientPlan): Promise<Clients> {
    const clients: Client[] = [];
    const all = new Clients(clients);
    for (let first = 0; first < count; first += AT_ONCE) {
      const numbers = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, i) => first + i);
      const open = numbers.map((number) => Client.connect(url, exchanges(seed, number), thinkMs, () => all.#tally));
      clients.push(...(await Promise.all(open))); // oxlint-disable-line no-await-in-loop
    }
    for (const client of clients) client.play();
    return all;
  }

  /** What was counted since the last call; counting starts anew. */
  take(): Tally {
    const taken = this.#tally;
    const now = performance.now();
    taken.seconds = (now - this.#since) / 1000;
    this.#tally = emptyTally();
    this.#since = now;
    return taken;
  }

  /** How many the server has closed because it drains, since counting began. */
  get drained(): number {
    return this.#tally.drained;
  }

  /** Nobody asks any more; what is still unanswered after 30 s is lost. The connections stay open. */
  async finish(): Promise<void> {
    for (const client of this.#clients) client.stop();
    const until = performance.now() + REPLY_MS;
    while (performance.now() < until && this.#clients.some(({ isWaiting }) => isWaiting)) await wait(20); // oxlint-disable-line no-await-in-loop
    this.#tally.lost += this.#clients.filter(({ isWaiting }) => isWaiting).length;
  }

  /** Closes the connections in good order. */
  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
  }
}

/** Adds what was met at one time to what was met at another. */
export function addTally(sum: Tally, other: Tally): Tally {
  for (const name of ["replies", "episodes", "crossed", "wrong", "lost", "failed", "drained", "seconds"] as const) {
    sum[name] += other[name];
  }
  sum.latency.add(other.latency);
  return sum;
}

export const emptyTally = (): Tally => ({
  replies: 0,
  episodes: 0,
  crossed: 0,
  wrong: 0,
  lost: 0,
  failed: 0,
  drained: 0,
  latency: createHistogram(),
  seconds: 0,
});

/** The counts that no run may have. */
export const harm = ({ crossed, wrong, lost, failed }: Tally) => ({ crossed, wrong, lost, failed });

/** A percentile of the latencies, in milliseconds; not a number when there are none. */
export const latencyMs = ({ latency }: Tally, percent: number): number =>
  latency.count === 0 ? Number.NaN : latency.percentile(percent) / 1000;

class Client {
  readonly #socket: WebSocket;
  readonly #exchanges: Iterator<Exchange, never>;
  readonly #thinkMs: number;
  readonly #tally: () => Tally;
  #awaited: Exchange | null = null;
  #askedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  static async connect(
    url: string,
    episodes: Iterator<Exchange, never>,
    thinkMs: number,
    tally: () => Tally,
  ): Promise<Client> {
    const socket = new WebSocket(`${url.replace("http", "ws")}/ws`, { perMessageDeflate: false });
    await once(socket, "open", { signal: AbortSignal.timeout(CONNECT_MS) });
    return new Client(socket, episodes, thinkMs, tally);
  }

  private constructor(socket: WebSocket, episodes: Iterator<Exchange, never>, thinkMs: number, tally: () => Tally) {
    this.#socket = socket;
    this.#exchanges = episodes;
    this.#thinkMs = thinkMs;
    this.#tally = tally;
    socket.on("message", (data: Buffer) => this.#receive(data.toString()));
    socket.on("error", () => {}); // a close follows
    socket.on("close", (code) => this.#lose(code));
  }

  /** Begins to play, within the time that it thinks. */
  play(): void {
    this.#timer = setTimeout(() => this.#ask(), Math.random() * this.#thinkMs);
  }

  get isWaiting(): boolean {
    return this.#awaited !== null;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async close(): Promise<void> {
    this.stop();
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.#socket, "close");
    this.#socket.close();
    await closed;
  }

  #ask(): void {
    this.#awaited = this.#exchanges.next().value;
    this.#askedAt = performance.now();
    this.#socket.send(this.#awaited.frame);
  }

  #receive(reply: string): void {
    const awaited = this.#awaited;
    const tally = this.#tally();
    this.#awaited = null;
    if (awaited === null) tally.wrong += 1;
    else this.#judge(reply, awaited, tally);
    if (!this.#stopped) this.#timer = setTimeout(() => this.#ask(), this.#thinkMs);
  }

  #judge(reply: string, awaited: Exchange, tally: Tally): void {
    tally.latency.record(Math.max(1, Math.round((performance.now() - this.#askedAt) * 1000)));
    if (reply === awaited.reply) {
      tally.replies += 1;
      if (awaited.ends) tally.episodes += 1;
      return;
    }
    const incident = /"incident_id":"([^"]+)"/.exec(reply)?.[1] ?? awaited.incident;
    if (incident === awaited.incident) tally.wrong += 1;
    else tally.crossed += 1;
  }

  #lose(code: number): void {
    const tally = this.#tally();
    if (code === CLOSE_CODES.draining) tally.drained += 1;
    else {
      if (!this.#stopped) tally.failed += 1;
      if (this.#awaited !== null) tally.lost += 1;
    }
    this.#awaited = null;
    this.stop();
  }
}
