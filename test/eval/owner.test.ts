import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { afterEach, describe, expect, test } from "vitest";
import type { RunOwner } from "../../env/store/store.ts";
import { isAlive, thisProcess } from "../../eval/owner.ts";

const NOW = 1_800_000_000_000;
const LINUX = process.platform === "linux";

/** Prints who it is, and waits. */
const SCRIPT = `
  import { thisProcess } from ${JSON.stringify(new URL("../../eval/owner.ts", import.meta.url).href)};
  console.log(JSON.stringify(thisProcess()));
  setInterval(() => {}, 1000);
`;

let child: ChildProcess | null = null;
afterEach(() => {
  child?.kill("SIGKILL");
  child = null;
});

async function holder(): Promise<RunOwner> {
  child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", SCRIPT], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
  return JSON.parse(line.toString()) as RunOwner;
}

async function ended(signal: NodeJS.Signals): Promise<void> {
  const exit = once(child as ChildProcess, "exit");
  child?.kill(signal);
  await exit;
}

describe("a process on this machine", () => {
  test("lives while it runs and beats, and is dead at once when it was killed", async () => {
    const owner = await holder();
    expect(isAlive(owner, NOW - 4000, NOW)).toBe("alive");
    await ended("SIGKILL");
    expect(isAlive(owner, NOW - 4000, NOW)).toBe("dead");
  });

  test("that was stopped lives until it has been silent for a minute", async () => {
    const owner = await holder();
    child?.kill("SIGSTOP");
    expect(isAlive(owner, NOW - 60_000, NOW)).toBe("alive");
    expect(isAlive(owner, NOW - 60_001, NOW)).toBe("dead");
  });

  test.runIf(LINUX)("that has ended but was not fetched by its parent is dead", async () => {
    // The shell becomes a program that never asks for the child that the shell started.
    child = spawn("/bin/sh", ["-c", "sleep 0.05 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
    const owner = { ...thisProcess(), pid: Number(line) };
    const started = Date.now();
    while (!(await isZombie(owner.pid)) && Date.now() - started < 5000) await new Promise((go) => setTimeout(go, 10));
    expect(isAlive({ ...owner, startedAt: await startOf(owner.pid) }, NOW, NOW)).toBe("dead");
  });

  test.runIf(LINUX)("that took over the number of an earlier one is not it", () => {
    const me = thisProcess();
    expect(isAlive(me, NOW, NOW)).toBe("alive");
    expect(isAlive({ ...me, startedAt: "1" }, NOW, NOW)).toBe("dead");
  });

  test("whose start is not known lives as long as its number is taken and it beats", () => {
    const me = { ...thisProcess(), startedAt: null };
    expect(isAlive(me, NOW - 60_000, NOW)).toBe("alive");
    expect(isAlive(me, NOW - 60_001, NOW)).toBe("dead");
  });

  test.runIf(LINUX)("of before the last boot is dead, also when its number is taken again", () => {
    const me = thisProcess();
    expect(isAlive({ ...me, bootId: `00000000-0000/${me.bootId.split("/")[1]}` }, NOW, NOW)).toBe("dead");
  });

  test.runIf(LINUX)("in another container of this machine is known by its heartbeat alone", () => {
    const me = thisProcess();
    const elsewhere = { ...me, bootId: `${me.bootId.split("/")[0]}/pid:[1]`, pid: 2 ** 30, startedAt: "1" };
    expect(isAlive(elsewhere, NOW - 60_000, NOW)).toBe("alive");
    expect(isAlive(elsewhere, NOW - 60_001, NOW)).toBe("dead");
  });

  test("lives although the wall clock was put back", () => {
    expect(isAlive(thisProcess(), NOW + 3_600_000, NOW)).toBe(LINUX ? "alive" : "unknown");
  });
});

describe("a process on another machine", () => {
  const owner: RunOwner = { token: "t", pid: process.pid, host: `not-${hostname()}`, bootId: "", startedAt: null };

  test.each([
    [0, "alive"],
    [60_000, "alive"],
    [60_001, "dead"],
    [-60_000, "alive"],
    [-60_001, "unknown"],
  ])("that gave its last sign of life %i ms ago is %s", (silentMs, expected) => {
    expect(isAlive(owner, NOW - silentMs, NOW)).toBe(expected);
  });
});

test("two holds of one process have different tokens", () => {
  const [one, other] = [thisProcess(), thisProcess()];
  expect(one.token).not.toBe(other.token);
  expect({ ...one, token: "" }).toEqual({ ...other, token: "" });
  expect(one).toMatchObject({ pid: process.pid, host: hostname() });
});

/** Third and twenty-second field of the process's line, whose name is `sleep`. */
async function fieldsOf(pid: number): Promise<string[]> {
  const { readFile } = await import("node:fs/promises");
  return (await readFile(`/proc/${pid}/stat`, "utf8")).split(" ");
}
const isZombie = async (pid: number): Promise<boolean> => (await fieldsOf(pid))[2] === "Z";
const startOf = async (pid: number): Promise<string> => (await fieldsOf(pid))[21] ?? "";
