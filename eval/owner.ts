import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import type { RunOwner } from "../env/store/store.ts";

/** A process that has given no sign of life for this long is taken for dead, even if it still exists. */
export const SILENT_AFTER_MS = 60_000;

/** Between boot and process namespace: neither holds it. */
const SEPARATOR = "/";

export type Liveness = "alive" | "dead" | "unknown";

/** This process, as the holder of one run: the token is a new one each time. */
export const thisProcess = (): RunOwner => ({
  token: randomUUID(),
  pid: process.pid,
  host: hostname(),
  bootId: bootId(),
  startedAt: statOf(process.pid)?.startedAt ?? null,
});

/**
 * Whether the process that holds a run still plays it. On this machine the process itself is looked at, on another
 * there is only its heartbeat.
 * @param heartbeatAt,now epoch milliseconds
 * @returns "unknown" for a heartbeat of another machine that lies in the future: the clocks disagree
 */
export function isAlive(owner: RunOwner, heartbeatAt: number, now: number): Liveness {
  const silentMs = now - heartbeatAt;
  if (silentMs > SILENT_AFTER_MS) return "dead"; // stopped or hanging is as good as dead
  const seen = seenHere(owner);
  if (seen !== "unknown") return seen;
  return silentMs < -SILENT_AFTER_MS ? "unknown" : "alive";
}

/** What this machine says about a process; "unknown" for one of another, and where it does not tell start times. */
function seenHere(owner: RunOwner): Liveness {
  if (owner.host !== hostname()) return "unknown";
  const here = bootId();
  if (owner.bootId !== here) return isSameBoot(owner.bootId, here) ? "unknown" : "dead";
  if (!exists(owner.pid)) return "dead";
  const stat = statOf(owner.pid);
  if (stat === null || owner.startedAt === null) return "unknown";
  return stat.isZombie || stat.startedAt !== owner.startedAt ? "dead" : "alive";
}

/**
 * Which boot, and which process namespace: containers can share host name and boot, but not their process ids.
 * Empty parts on systems that do not tell.
 */
const bootId = (): string =>
  [
    orEmpty(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
    orEmpty(() => readlinkSync("/proc/self/ns/pid")),
  ].join(SEPARATOR);

const isSameBoot = (one: string, other: string): boolean => one.split(SEPARATOR)[0] === other.split(SEPARATOR)[0];

/** Also true for a process that may not be signalled: it is there. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

interface ProcessStat {
  /** Ended, but not yet fetched by its parent. */
  readonly isZombie: boolean;
  /** In clock ticks since boot. */
  readonly startedAt: string;
}

/** Linux only, by the fields of proc(5); null elsewhere, and where processes of others are hidden. */
function statOf(pid: number): ProcessStat | null {
  const line = orEmpty(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // Field 2, the name, stands in brackets and may hold blanks and brackets: count from the last bracket on.
  const [state = "", ...fields] = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const startedAt = fields[22 - 4];
  return startedAt === undefined ? null : { isZombie: "ZXx".includes(state), startedAt };
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
