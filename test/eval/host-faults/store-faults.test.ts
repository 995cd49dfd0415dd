import Database from "better-sqlite3";
import { SqliteError } from "better-sqlite3";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
  closeSync,
} from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openBackend } from "../../../env/store/backend.ts";
import type { StoreErrorCode } from "../../../env/store/errors.ts";
import type { Wiring } from "../../../eval/cli/wiring.ts";
import type { MockProvider } from "../../../eval/mock-provider/server.ts";
import { storedIn } from "../../torture/kill/stored.ts";
import { oncall } from "./child.ts";
import { dump } from "./dump.ts";
import { here } from "./here.ts";
import type { Done } from "./here.ts";
import { oneModel, places, providers } from "./place.ts";
import type { Place } from "./place.ts";
import { undisturbedRun } from "./undisturbed.ts";

const newPlace = places();
const newProvider = providers();
const PLAY = ["--agents", "tools:model,random", "--task-ids", "inc-101,inc-117", "--concurrency", "1"];
const isRoot = process.getuid?.() === 0;

let undisturbed = "";
let provider: MockProvider;
let atRequest: (number: number) => void = () => {};
beforeAll(async () => {
  provider = await newProvider({ onEntry: ({ number }) => atRequest(number - before) });
  const place = newPlace(oneModel(provider.baseUrl()));
  undisturbed = (await undisturbedRun(place, PLAY)).scored;
});

/** Requests of earlier tests. */
let before = 0;
beforeEach(() => {
  before = provider.journal.entries.length;
  atRequest = () => {};
});

const placed = (): Place => newPlace(oneModel(provider.baseUrl()));
const run = ({ flags }: Place, wiring: Partial<Wiring> = {}): Promise<Done> => here(["run", ...PLAY, ...flags], wiring);

/** A refusal of the store: a sentence or two that say what is wrong and what to do. */
const refusal = (code: StoreErrorCode, says: RegExp) => ({
  name: "StoreError",
  code,
  message: expect.stringMatching(says) as string,
});

async function expectWholeAfterResume({ db, flags }: Place, ...id: readonly string[]): Promise<void> {
  expect(await here(["resume", ...id, ...flags])).toMatchObject({ code: 0, error: null });
  const { status, scored, episodes } = await storedIn(db);
  expect([status, episodes.filter((one) => one.scored).length]).toEqual(["complete", 4]);
  expect(scored).toBe(undisturbed);
}

/** A database whose steps towards the disk fail, of that name or of any, from the n-th on and so many times. */
const failing = (point: string | null, from: number, code: string, times = Infinity): Partial<Wiring> => {
  let seen = 0;
  return {
    openBackend: (path) =>
      openBackend(path, {
        durable: (step) => {
          if (point !== null && step !== point) return;
          seen += 1;
          if (seen >= from && seen < from + times) throw new SqliteError("made to fail", code);
        },
      }),
  };
};

describe("a store that fails while a run is played", () => {
  test.for([
    ["a full disk", "commitEpisode:commit", 2, "SQLITE_FULL", "NOT_SAVED", /try again when there is space/],
    ["a disk that breaks", null, 100, "SQLITE_IOERR_WRITE", "NOT_SAVED", /disk refused/],
    ["a file that turns read-only", "claim:begin", 2, "SQLITE_READONLY", "READ_ONLY", /may not be written/],
  ] as const)(
    "%s: said, nothing half-written, and resumed when it is mended",
    async ([, point, from, sqlite, code, says]) => {
      const place = placed();
      expect((await run(place, failing(point, from, sqlite))).error).toMatchObject(refusal(code, says));
      const { episodes } = await storedIn(place.db);
      expect(episodes.length).toBeLessThan(4);
      const steps = dump(place.db)["step"] ?? [];
      for (const { episodeId, scored, steps: count } of episodes) {
        expect(steps.filter(({ episode_id: id }) => id === episodeId)).toHaveLength(scored ? count : 0);
      }
      await takeAway(place);
      await expectWholeAfterResume(place);
    },
  );

  test("a failure that passes within an episode costs that episode alone", async () => {
    const place = placed();
    // The call whose end was not stored counts as under way until it cannot be any more.
    const impatient = { ...place, flags: [...place.flags, "--attempt-timeout", "0.5"] };
    const done = await run(impatient, failing("settlePermit:begin", 2, "SQLITE_IOERR_WRITE", 1));
    expect(done).toMatchObject({ code: 1, error: null, said: expect.stringContaining("oncall resume") });
    const { status, episodes } = await storedIn(place.db);
    expect([status, episodes.map(({ outcome }) => outcome).filter((one) => one === "harness_error")]).toEqual([
      "failed",
      ["harness_error"],
    ]);
    await expectWholeAfterResume(place);
  });

  test("a lock that another program keeps", { timeout: 120_000 }, async () => {
    const place = placed();
    let locked: Database.Database | null = null;
    atRequest = (number) => {
      if (number !== 2) return;
      locked = new Database(place.db);
      locked.exec("BEGIN IMMEDIATE");
    };
    expect((await run(place)).error).toMatchObject(refusal("BUSY", /Another process held the write lock.*Try again/));
    (locked as Database.Database | null)?.close();
    await takeAway(place);
    await expectWholeAfterResume(place);
  });

  test.for([
    ["the file, deleted", ["", "-wal", "-shm"], (file: string) => rmSync(file, { force: true })],
    ["its log, deleted", ["-wal"], (file: string) => rmSync(file)],
    [
      "the file, replaced by a copy",
      [""],
      (file: string) => (copyFileSync(file, `${file}.copy`), renameSync(`${file}.copy`, file)),
    ],
  ] as const)("%s: said at the end at the latest, and resumed from the checkpoints", async ([, ends, lose]) => {
    const place = placed();
    atRequest = (number) => {
      if (number === 2) for (const end of ends) lose(place.db + end);
    };
    const lost = await run(place);
    expect(lost.error).toMatchObject(refusal("CANNOT_OPEN", /deleted or replaced.*oncall resume \d+-\d+-\w+ goes on/));
    const [runId = ""] = /\d{8}-\d{6}-\w{4}/.exec(lost.error?.message ?? "") ?? [];
    for (const end of ["", "-wal", "-shm"]) rmSync(place.db + end, { force: true });
    await expectWholeAfterResume(place, runId);
  });
});

/** What a process that ended leaves: the run is nobody's. In these tests it is one that still lives. */
async function takeAway({ db }: Place): Promise<void> {
  const file = new Database(db, { timeout: 5000 });
  file.prepare("UPDATE run SET heartbeat_at = heartbeat_at - 61000").run();
  file.close();
}

/** A run that was paused with everything still to play. */
async function paused(): Promise<Place> {
  const place = placed();
  const done = await run(place, failing("claim:begin", 2, "SQLITE_FULL"));
  expect(done.error).not.toBeNull();
  await takeAway(place);
  return place;
}

describe("a file that cannot be played into", () => {
  test("of a newer version is refused and left as it was", async () => {
    const place = await paused();
    const file = new Database(place.db);
    file.pragma("user_version = 99");
    file.pragma("wal_checkpoint(TRUNCATE)");
    file.close();
    const bytes = readFileSync(place.db);
    for (const command of [["run", ...PLAY], ["resume"]]) {
      expect((await here([...command, ...place.flags])).error).toMatchObject(
        refusal("TOO_NEW", /schema 99.*newer oncall-gym/s),
      );
    }
    expect(readFileSync(place.db).equals(bytes)).toBe(true);
  });

  test("of which a page is damaged is refused; the checkpoints have what was played", async () => {
    const place = await paused();
    const { runId } = await storedIn(place.db);
    const { size } = statSync(place.db);
    const handle = openSync(place.db, "r+");
    for (let at = 16_384; at < size; at += 16_384) writeSync(handle, Buffer.alloc(512, 0xa5), 0, 512, at);
    closeSync(handle);
    expect((await here(["resume", ...place.flags])).error).toMatchObject(
      refusal("CANNOT_OPEN", /malformed|not a database/),
    );
    for (const end of ["", "-wal", "-shm"]) rmSync(place.db + end, { force: true });
    await expectWholeAfterResume(place, runId ?? "");
  });

  test("whose log was left behind goes on from the checkpoints, in another place too", async () => {
    const place = placed();
    const copy = placed();
    let runId = "";
    atRequest = (number) => {
      if (number !== 8) return;
      copyFileSync(place.db, copy.db);
      runId = String(dump(place.db)["run"]?.[0]?.["run_id"]);
      cpSync(join(place.folder, runId), join(copy.folder, runId), { recursive: true });
    };
    expect(await run(place)).toMatchObject({ code: 0, error: null });
    expect(existsSync(join(copy.folder, basename(copy.db)))).toBe(true);
    await expectWholeAfterResume(copy, runId);
  });

  test("that is locked from the start: nothing is written", { timeout: 120_000 }, async () => {
    const place = await paused();
    const tables = dump(place.db);
    const other = new Database(place.db);
    other.exec("BEGIN IMMEDIATE");
    expect((await run(place)).error).toMatchObject(refusal("BUSY", /Try again/));
    other.close();
    expect(dump(place.db)).toEqual(tables);
  });

  test.skipIf(isRoot)("that may not be written: nothing is played", async () => {
    const place = await paused();
    chmodSync(place.db, 0o400);
    expect((await here(["resume", ...place.flags])).error).toMatchObject(refusal("READ_ONLY", /may not be written/));
    // SQLite gives the files that it makes beside a database the rights of the database.
    for (const end of ["", "-wal", "-shm"]) if (existsSync(place.db + end)) chmodSync(place.db + end, 0o600);
    await expectWholeAfterResume(place);
  });

  test("as a command: exit code 1, a sentence, no stack", { timeout: 120_000 }, async () => {
    const place = await paused();
    const file = new Database(place.db);
    file.pragma("user_version = 99");
    file.close();
    const done = await oncall(["resume", ...place.flags]).ended;
    expect(done).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(/^error: .*schema 99/) });
    expect(done.stderr).not.toContain("    at ");
  });
});
