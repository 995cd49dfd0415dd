import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MockProvider } from "../../../eval/mock-provider/server.ts";
import { storedIn } from "../../torture/kill/stored.ts";
import { programFolder } from "../../agents/command/fixtures.ts";
import { oncall } from "./child.ts";
import { here } from "./here.ts";
import { oneModel, places, providers } from "./place.ts";
import type { Place } from "./place.ts";
import { isAlive } from "./processes.ts";
import { undisturbedRun } from "./undisturbed.ts";

const newPlace = places();
const newProvider = providers();

/** What a sitting may take from the signal that cuts it to its end. */
const TEN_SECONDS = 10_000;
const PLAY = ["--agents", "tools:model", "--task-ids", "inc-117,inc-101"];
/** A policy under which what was stored of waits holds up nobody. */
const FREELY = ["--min-interval", "0", "--rate-limit", "0", "--breaker-pause", "0", "--max-retry-after", "0"];

let undisturbed = "";
beforeAll(async () => {
  const { baseUrl } = await newProvider();
  const place = newPlace(oneModel(baseUrl()));
  undisturbed = (await undisturbedRun(place, PLAY)).scored;
});

/** What each kind of wait is brought about by: flags, and what the first request meets. */
const WAITS: readonly { of: string; flags: readonly string[]; script: readonly object[]; is: RegExp }[] = [
  { of: "gap", flags: ["--min-interval", "60"], script: [], is: /gap between calls/ },
  { of: "window", flags: ["--rate-limit", "1"], script: [], is: /rate window/ },
  {
    of: "breaker",
    flags: ["--breaker-threshold", "1"],
    script: [{ do: "status", status: 500 }],
    is: /breaker open/,
  },
  {
    of: "retry-after",
    flags: [],
    script: [{ do: "status", status: 429, headers: { "retry-after": "60" } }],
    is: /asked to wait/,
  },
  { of: "call in flight", flags: [], script: [{ do: "hang", after: "headers" }], is: /^Run / },
];

/** Signals twice, waiting for what is said to the first. */
async function cutTwice(place: Place, provider: MockProvider, { flags, is }: (typeof WAITS)[number]) {
  const sitting = oncall(["run", ...PLAY, ...flags, ...place.flags]);
  await sitting.said(is);
  await sitting.until(() => provider.journal.entries.length > 0);
  sitting.signal("SIGINT");
  await sitting.said(/Pausing after the current episodes/);
  sitting.signal("SIGTERM");
  const began = performance.now();
  const ended = await sitting.ended;
  return { ...ended, ms: performance.now() - began };
}

describe("an interrupt in a wait", { timeout: 120_000 }, () => {
  test("twice: the episode is cut within ten seconds, whatever it waits for; resumed, all is as if undisturbed", async () => {
    const cut = await Promise.all(
      WAITS.map(async (wait) => {
        const provider = await newProvider({ script: wait.script as never });
        const place = newPlace(oneModel(provider.baseUrl()));
        return { wait, place, provider, ...(await cutTwice(place, provider, wait)) };
      }),
    );
    for (const { wait, place, provider, code, stderr, ms } of cut) {
      expect([wait.of, code, stderr]).toEqual([wait.of, 4, expect.stringMatching(/Cutting.*To go on.*oncall resume/s)]);
      expect(ms).toBeLessThan(TEN_SECONDS);
      const paused = await storedIn(place.db);
      expect(paused).toMatchObject({ status: "paused", episodes: [{ outcome: "cancelled", scored: false }] });
      expect(provider.journal.entries).toHaveLength(1);

      expect(await here(["resume", ...FREELY, ...place.flags])).toMatchObject({ code: 0, error: null });
      expect((await storedIn(place.db)).scored).toBe(undisturbed);
    }
  });

  test("once: the episode is played to its end, and no other begins", async () => {
    const provider = await newProvider();
    const place = newPlace(oneModel(provider.baseUrl()));
    const sitting = oncall(["run", ...PLAY, "--min-interval", "0.3", ...place.flags]);
    await sitting.until(() => provider.journal.entries.length > 0);
    sitting.signal("SIGTERM");
    expect(await sitting.ended).toMatchObject({ code: 4, stderr: expect.stringContaining("Paused") });
    const paused = await storedIn(place.db);
    expect(paused.status).toBe("paused");
    expect(paused.episodes.map(({ scored }) => scored)).toEqual([true]);
    expect(undisturbed).toContain(paused.scored);

    const resumed = await oncall(["resume", ...FREELY, ...place.flags]).ended;
    expect(resumed).toMatchObject({ code: 0, stderr: expect.stringContaining("1 of them scored before") });
    expect((await storedIn(place.db)).scored).toBe(undisturbed);
  });

  test("once between episodes that wait for nobody: none is cut", async () => {
    const place = newPlace();
    const play = ["--agents", "random", "--trials", "50"];
    const sitting = oncall(["run", ...play, ...place.flags]);
    await sitting.said(/^Run /);
    sitting.signal("SIGINT");
    expect(await sitting.ended).toMatchObject({ code: 4 });
    const { status, episodes } = await storedIn(place.db);
    expect(status).toBe("paused");
    expect(episodes.every(({ scored }) => scored)).toBe(true);
    expect(episodes.length).toBeLessThan(2000);
  });
});

describe("a program that plays and will not go", { timeout: 120_000 }, () => {
  const programs = programFolder();
  afterAll(programs.dispose);
  const go = join(programs.folder, "go");
  /** Forks, ignores what asks it to end, and plays only when told. */
  const argv = programs.write(`
    const told = ${JSON.stringify(go)};
    process.on("SIGTERM", () => {});
    const { existsSync } = await import("node:fs");
    if (!existsSync(told)) {
      const child = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"], { stdio: "ignore" });
      writeFileSync(process.env.PIDS_IN + "/pids.tmp", JSON.stringify([process.pid, child.pid]));
      const { renameSync } = await import("node:fs");
      renameSync(process.env.PIDS_IN + "/pids.tmp", process.env.PIDS_IN + "/pids");
      await wait(600_000);
    }
    await close();
  `);
  const configuration = { commands: { stubborn: { argv, version: "1", env: ["PIDS_IN"] } } };
  const PLAY_IT = ["--agents", "command:stubborn", "--task-ids", "inc-117"];

  test.each([
    ["twice: it is gone within ten seconds, with all that it forked", 2, 4],
    ["thrice: everything is gone at once", 3, 130],
  ])("%s", async (_, signals, code) => {
    const place = newPlace(configuration);
    const pidFile = join(place.folder, "pids");
    const sitting = oncall(["run", ...PLAY_IT, ...place.flags], { PIDS_IN: place.folder });
    await sitting.until(() => existsSync(pidFile));
    const pids = JSON.parse(readFileSync(pidFile, "utf8")) as number[];
    expect(pids.map(isAlive)).toEqual([true, true]);
    sitting.signal("SIGINT");
    await sitting.said(/Pausing/);
    sitting.signal("SIGINT");
    await sitting.said(/Cutting/);
    const began = performance.now();
    if (signals === 3) sitting.signal("SIGINT");
    expect((await sitting.ended).code).toBe(code);
    expect(performance.now() - began).toBeLessThan(TEN_SECONDS);
    expect(pids.map(isAlive)).toEqual([false, false]);
    const cut = await storedIn(place.db);
    expect(cut.episodes.map(({ outcome }) => outcome)).toEqual([signals === 3 ? null : "cancelled"]);

    writeFileSync(go, "");
    expect(await here(["resume", ...place.flags])).toMatchObject({ code: 0, error: null });
    expect((await storedIn(place.db)).episodes.map(({ outcome }) => outcome)).toEqual([
      signals === 3 ? "abandoned" : "cancelled",
      "failure",
    ]);
    rmSync(go);
  });
});
