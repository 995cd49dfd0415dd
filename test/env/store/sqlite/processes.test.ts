import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, expect, test } from "vitest";
import { openBackend } from "../../../../env/store/backend.ts";
import { anOwner, aPlan, aRun, finished, held, planned, suite } from "../fixtures.ts";
import { contents } from "./operations.ts";

const folder = mkdtempSync(join(tmpdir(), "oncall-processes-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newFile = () => join(folder, `${(files += 1)}.db`);

const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((end) => end()));
});

/** A process that holds and plays what it is told; see `compete.ts`. */
async function competitor(file: string, name: string) {
  const script = join(import.meta.dirname, "compete.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, file, name], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  running.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill("SIGCONT");
    child.stdin.end();
    await exit;
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const said = async () => (await lines.next()).value as string;
  /** What it says until one of these words. */
  const saidUntil = async (...last: string[]) => {
    const all = [await said()];
    while (!last.includes(all.at(-1) ?? "")) all.push(await said()); // oxlint-disable-line no-await-in-loop
    return all;
  };
  expect(await said()).toBe("ready");
  return {
    tell: (moment: number, what: "hold" | "claim" | "play", word: string) =>
      child.stdin.write(`${moment} ${what} ${word}\n`),
    said,
    saidUntil,
    signal: (name_: NodeJS.Signals) => child.kill(name_),
  };
}

const competitors = (file: string, names: readonly string[]) =>
  Promise.all(names.map((name) => competitor(file, name)));

const tasks = (count: number) => Array.from({ length: count }, (_, index) => `inc-${index}`);
/** When all are to begin, so that they meet. */
const soon = () => Date.now() + 30;

test("several processes that claim from one run play each slot once", async () => {
  const file = newFile();
  const backend = await openBackend(file);
  const { results, jobs } = backend;
  const slots = await planned(results, "r", aPlan(["random"], tasks(90)));
  await held(results, "r", "crew");
  const crew = await competitors(file, ["a", "b", "c"]);
  const moment = soon();
  for (const { tell } of crew) tell(moment, "play", "crew");
  const said = await Promise.all(crew.map(({ saidUntil }) => saidUntil("end", "LEASE_LOST", "BUSY")));
  expect(said.map((lines) => lines.at(-1))).toEqual(["end", "end", "end"]);
  const played = said.flatMap((lines) => lines.slice(0, -1));
  expect(played.toSorted()).toEqual(slots.map((slot) => `${slot} inserted`).toSorted());
  expect(await jobs.stats("r")).toEqual({ pending: 0, running: 0, scored: 90, unscored: 0 });
  expect((await results.episodes()).every(({ attempt }) => attempt === 1)).toBe(true);
  await backend.close();
  expect(contents(file)).toMatchObject({ sound: ["ok", []] });
});

test("of processes that take the same holder for dead at the same moment, one gets the run", async () => {
  const file = newFile();
  const backend = await openBackend(file);
  const { results } = backend;
  const crew = await competitors(file, ["a", "b", "c"]);
  for (let round = 0; round < 25; round += 1) {
    const runId = `run-${round}`;
    await results.createRun(aRun(runId), suite);
    await held(results, runId, "dead");
    const moment = soon();
    for (const { tell } of crew) tell(moment, "hold", runId);
    const answers = await Promise.all(crew.map(({ said }) => said()));
    expect(answers.toSorted()).toEqual(["held", "refused", "refused"]);
    expect((await results.run(runId))?.owner?.token).toBe("abc"[answers.indexOf("held")]);
  }
  await backend.close();
});

test("a process that was taken for dead and wakes up stores nothing more and takes nothing more", async () => {
  const file = newFile();
  const backend = await openBackend(file);
  const { results, jobs } = backend;
  const slots = await planned(results, "r", aPlan(["random"], tasks(4)));
  await held(results, "r", "sleeper");
  const sleeper = await competitor(file, "sleeper");
  sleeper.tell(0, "claim", "sleeper");
  expect(await sleeper.said()).toBe("2");
  sleeper.signal("SIGSTOP");

  await results.holdRun("r", { owner: anOwner("heir"), at: Date.now(), replaces: "sleeper" });
  expect(await results.recoverRun("r", Date.now())).toEqual({ episodes: 2, calls: 0 });
  const leases = await jobs.claim({ runId: "r", worker: "heir", max: 3, at: Date.now() });
  expect(leases.map(({ attempt }) => attempt)).toEqual([2, 2, 1]);
  sleeper.signal("SIGCONT");
  sleeper.tell(0, "play", "sleeper");
  expect(await sleeper.saidUntil("end", "LEASE_LOST")).toEqual([
    `${slots[0]} lease_lost`,
    `${slots[1]} lease_lost`,
    "LEASE_LOST",
  ]);

  for (const { episodeId } of leases) expect(await results.commitEpisode(finished(episodeId))).toBe("inserted");
  expect(await jobs.stats("r")).toEqual({ pending: 1, running: 0, scored: 3, unscored: 0 });
  await backend.close();
});
