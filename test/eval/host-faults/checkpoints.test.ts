import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { storedIn } from "../../torture/kill/stored.ts";
import { here } from "./here.ts";
import { places } from "./place.ts";
import type { Place } from "./place.ts";

const newPlace = places();
const PLAY = ["--agents", "random,expert", "--task-ids", "inc-101,inc-117", "--trials", "2", "--concurrency", "1"];

/** A run in which six of eight episodes are played. */
async function stoppedRun(): Promise<Place & { readonly runId: string; readonly files: string }> {
  const place = newPlace();
  expect(await here(["run", ...PLAY, ...place.flags])).toMatchObject({ code: 0 });
  const { runId } = await storedIn(place.db);
  const done = await here([
    "run",
    "--resume",
    `${runId}`,
    "--amend",
    "--trials",
    "3",
    "--pause-file",
    place.folder,
    ...place.flags.slice(0, 2),
  ]);
  expect(done.code).toBe(4);
  return { ...place, runId: `${runId}`, files: join(place.folder, `${runId}`) };
}

/** Contents of all checkpoints by name. */
const contents = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".json"))
      .toSorted()
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );

let another = "";
beforeAll(async () => {
  const place = newPlace();
  await here(["run", "--agents", "random", "--task-ids", "inc-117", ...place.flags]);
  another = join(place.folder, `${(await storedIn(place.db)).runId}`);
});

const EPISODE = join("episodes", "inc-117.0.random.1.json");

/** What may become of a checkpoint, whichever of the two kinds. */
const DAMAGES: Readonly<Record<string, (file: string, name: string) => void>> = {
  "cut in the middle": (file) => truncateSync(file, Math.floor(readFileSync(file).length / 2)),
  empty: (file) => truncateSync(file, 0),
  "another run's": (file, name) => writeFileSync(file, readFileSync(join(another, name))),
  "of an unknown version": (file) => writeFileSync(file, readFileSync(file, "utf8").replace(/@1"/, '@99"')),
  "no JSON at all": (file) => writeFileSync(file, Buffer.from([0xff, 0xfe, 0, 0x80])),
  gone: (file) => rmSync(file),
};

describe("a checkpoint that is no good is written anew when the run is resumed", () => {
  test.for(Object.keys(DAMAGES))("%s", async (damage) => {
    const { db, flags, files } = await stoppedRun();
    const whole = contents(files);
    const scored = (await storedIn(db)).scored;
    for (const name of ["run.json", EPISODE]) {
      expect(existsSync(join(files, name))).toBe(true);
      DAMAGES[damage]?.(join(files, name), name);
      writeFileSync(join(files, `.left-behind.tmp`), "half of a file");
    }
    expect(await here(["resume", ...flags])).toMatchObject({ code: 0, error: null });
    const mended = contents(files);
    expect(mended[EPISODE]).toBe(whole[EPISODE]);
    expect(JSON.parse(mended["run.json"] ?? "")).toMatchObject({ run: { status: "complete" } });
    expect(Object.keys(mended)).toHaveLength(1 + 12);
    expect(readdirSync(files).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    // Results are the database's: no file changes any.
    const after = await storedIn(db);
    for (const line of scored.split("\n")) expect(after.scored).toContain(line);
  });
});
