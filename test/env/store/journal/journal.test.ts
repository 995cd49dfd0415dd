import Database from "better-sqlite3";
import { cpSync, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { sampleAction } from "../../../../env/contract/sample.ts";
import { rngFor } from "../../../../env/core/rng.ts";
import { DEFAULT_LIMITS } from "../../../../env/session/limits.ts";
import type { LiveSession } from "../../../../env/session/live-session.ts";
import { openJournalFile } from "../../../../env/store/journal/file.ts";
import { journalIn, openJournal } from "../../../../env/store/journal/journal.ts";
import type { JournalInFile } from "../../../../env/store/journal/journal.ts";
import { openSqliteStore } from "../../../../env/store/sqlite/results.ts";
import { Sessions } from "../../../../env/session/sessions.ts";
import { coreSuite } from "../../../../tasks/index.ts";
import { FakeCarrier, newSessions, notebook, opened } from "../../session/fixtures.ts";

const LOOK = "check_status(cache)";
const journals = new Set<JournalInFile>();

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "oncall-journal-"));
  onTestFinished(() => {
    for (const journal of journals) journal.close();
    journals.clear();
    rmSync(made, { recursive: true });
  });
  return made;
}

function open(file: string, report: (message: string) => void = () => {}): JournalInFile {
  const journal = openJournal(file, report);
  journals.add(journal);
  return journal;
}

/** What a crash leaves of a file that is open: all that is on the disk. */
function afterCrash(file: string): string {
  const left = `${file}.left`;
  cpSync(file, left);
  if (existsSync(`${file}-wal`)) cpSync(`${file}-wal`, `${left}-wal`);
  return left;
}

/** A resumable session in a journal of its own. */
async function resumable(file: string): Promise<{ live: LiveSession; token: string; journal: JournalInFile }> {
  const journal = open(file);
  const live = await opened(newSessions({}, { durable: journal }), new FakeCarrier());
  return { live, token: live.renewToken(), journal };
}

/** Goes on with a session on another server, over what the first one left on the disk. */
async function resumed(file: string, { id }: LiveSession, token: string) {
  const journal = open(afterCrash(file));
  const sessions = newSessions({}, { durable: journal });
  return { journal, sessions, live: await sessions.resume(id, token, new FakeCarrier()) };
}

const expectLive = (live: unknown): LiveSession => {
  expect(live).toHaveProperty("id");
  return live as LiveSession;
};

/** Actions of an episode in every form, also such as JSON cannot keep. */
function* actions(seed: number): Generator {
  const rng = rngFor(seed, "journal", 0);
  yield* [
    null,
    Infinity,
    -0,
    "\ud800",
    { type: "x", value: [-Infinity, { deep: "\u0000" }] },
    JSON.parse('{"__proto__":{}}'),
  ];
  for (;;) yield sampleAction(rng);
}

describe("a session in a journal", () => {
  test("goes on after a crash where it was, byte for byte", async () => {
    const file = join(folder(), "sessions.db");
    const { live, token } = await resumable(file);
    const twin = await opened(newSessions());
    for (const seed of [3, 4]) {
      live.reset({ seed });
      twin.reset({ seed });
      let k = 0;
      for (const action of actions(seed)) {
        k += 1;
        if (k > 9) break;
        const turn = live.step(action, { requestId: `${k}` });
        expect(JSON.stringify(twin.step(action))).toBe(JSON.stringify(turn));
        if (turn.terminated || turn.truncated) break;
      }
    }
    const after = await resumed(file, live, token);
    const again = expectLive(after.live);
    expect(JSON.stringify(again.state())).toBe(JSON.stringify(twin.state()));
    expect(again.lastRequestId).toBe(live.lastRequestId);
    for (const action of ["inspect_logs(database)", "escalate(me)"]) {
      expect(JSON.stringify(again.step(action))).toBe(JSON.stringify(twin.step(action)));
    }
    expect(JSON.stringify(again.reset({}))).toBe(JSON.stringify(twin.reset({}))); // the stream of seeds goes on, too
  });

  test("answers its last request again, a reset or a step, and nothing moves", async () => {
    const file = join(folder(), "sessions.db");
    const { live, token } = await resumable(file);
    const first = live.reset({ wild: 1 }, { requestId: "first" }); // unseeded: the server drew the seed
    const after = await resumed(file, live, token);
    expect(JSON.stringify(expectLive(after.live).reset({ wild: 1 }, { requestId: "first" }))).toBe(
      JSON.stringify(first),
    );
    const end = live.step("escalate(me)", { requestId: "end", expectedStep: 0 });
    const later = await resumed(file, live, token);
    const again = expectLive(later.live).step("escalate(me)", { requestId: "end", expectedStep: 0 });
    expect(JSON.stringify(again)).toBe(JSON.stringify(end));
    expect(() => expectLive(later.live).step("escalate(you)", { requestId: "end" })).toThrow(
      expect.objectContaining({ code: "REQUEST_ID_REUSED" }),
    );
  });

  test("goes on through one crash after the other", async () => {
    let file = join(folder(), "sessions.db");
    const { live: first, token: firstToken } = await resumable(file);
    first.reset({ seed: 5 });
    const twin = await opened(newSessions());
    twin.reset({ seed: 5 });
    let [live, token] = [first, firstToken];
    for (let crash = 0; crash < 4; crash += 1) {
      expect(JSON.stringify(live.step(LOOK))).toBe(JSON.stringify(twin.step(LOOK)));
      live = expectLive((await resumed(file, live, token)).live); // oxlint-disable-line no-await-in-loop
      token = live.renewToken();
      live.heard();
      file = `${file}.left`;
    }
    expect(JSON.stringify(live.state())).toBe(JSON.stringify(twin.state()));
  });

  test("is told of again to those who did not keep it", async () => {
    const file = join(folder(), "sessions.db");
    const { live, token } = await resumable(file);
    live.reset({ seed: 1 });
    live.step(LOOK);
    live.truncate("agent_quit");
    const book = notebook();
    const sessions = newSessions({}, { durable: open(afterCrash(file)), journals: [book] });
    expectLive(await sessions.resume(live.id, token, new FakeCarrier()));
    expect(book.notes).toEqual(["reset 1", LOOK, "agent_quit, over"]);
  });

  test("that became resumable in the middle is there from its beginning", async () => {
    const file = join(folder(), "sessions.db");
    const live = await opened(newSessions({}, { durable: open(file) }), new FakeCarrier());
    live.reset({ seed: 1 });
    live.step(LOOK);
    const token = live.renewToken();
    live.step(LOOK);
    expect(expectLive((await resumed(file, live, token)).live).state()).toEqual(live.state());
  });

  test("takes its token once, also across a crash", async () => {
    const file = join(folder(), "sessions.db");
    const { live, token } = await resumable(file);
    live.reset({ seed: 1 });
    const next = live.renewToken();
    expect((await resumed(file, live, token)).live).not.toBeNull(); // its successor may never have arrived
    live.heard();
    expect((await resumed(file, live, token)).live).toBeNull();
    expect((await resumed(file, live, next)).live).not.toBeNull();
  });
});

describe("what a journal does not keep", () => {
  test("a session that nobody can resume, and one that is closed", async () => {
    const file = join(folder(), "sessions.db");
    const sessions = newSessions({}, { durable: open(file) });
    const [plain, closed] = [await opened(sessions, new FakeCarrier()), await opened(sessions, new FakeCarrier())];
    plain.reset({ seed: 1 });
    closed.reset({ seed: 1 });
    const token = closed.renewToken();
    closed.release();
    const left = open(afterCrash(file));
    expect([left.kept(plain.id), left.kept(closed.id)]).toEqual([null, null]);
    expect(await newSessions({}, { durable: left }).resume(closed.id, token, new FakeCarrier())).toBeNull();
  });

  test("a token, and an episode before the present one", async () => {
    const file = join(folder(), "sessions.db");
    const { live, token, journal } = await resumable(file);
    for (const seed of [1, 2, 3]) {
      live.reset({ seed });
      live.step(LOOK);
    }
    journal.close();
    journals.delete(journal);
    const db = new Database(file, { readonly: true });
    const rows = db.prepare("SELECT count(*) AS entries FROM entry").get();
    const text = JSON.stringify(db.prepare("SELECT * FROM session").all());
    db.close();
    expect(rows).toEqual({ entries: 2 });
    expect(text).not.toContain(token);
  });

  test("a session that another server left behind, once its time is over", async () => {
    const file = join(folder(), "sessions.db");
    const { live, token } = await resumable(file);
    live.reset({ seed: 1 });
    const left = afterCrash(file);
    const journal = open(left);
    const sessions = new Sessions(coreSuite, { ...DEFAULT_LIMITS, detachedMs: 50 }, { durable: journal });
    onTestFinished(() => sessions.close());
    await expect.poll(() => journal.kept(live.id)).toBeNull();
    expect(await sessions.resume(live.id, token, new FakeCarrier())).toBeNull();
  });

  test("but one that was resumed in time", async () => {
    const file = join(folder(), "sessions.db");
    const { live, token } = await resumable(file);
    live.reset({ seed: 1 });
    const after = await resumed(file, live, token);
    const next = expectLive(after.live).renewToken();
    after.journal.forgetLeftBehind();
    expect((await resumed(`${file}.left`, live, next)).live).not.toBeNull();
  });
});

describe("a journal that was changed", () => {
  test.for([
    ["an action", "UPDATE entry SET played = (SELECT played FROM entry WHERE ordinal = 2) WHERE ordinal = 1"],
    ["a hash", "UPDATE entry SET sha256 = replace(sha256, 'a', 'b') WHERE ordinal = 2"],
    ["a missing step", "DELETE FROM entry WHERE ordinal = 1"],
  ] as const)("%s: the session is not resumed, and gone", async ([, change]) => {
    const file = join(folder(), "sessions.db");
    const { live, token, journal } = await resumable(file);
    live.reset({ seed: 1 });
    live.step("restart_service(cache)");
    live.step("inspect_logs(database)");
    journal.close();
    journals.delete(journal);
    const db = new Database(file);
    expect(db.prepare(change).run().changes).toBe(1);
    db.close();
    const again = open(file);
    const sessions = newSessions({}, { durable: again });
    expect(await sessions.resume(live.id, token, new FakeCarrier())).toBe("changed");
    expect([again.kept(live.id), sessions.load.active_sessions]).toEqual([null, 0]);
  });
});

describe("the file", () => {
  test("belongs to one server", () => {
    const file = join(folder(), "deep", "sessions.db");
    open(file);
    expect(() => openJournal(file, () => {})).toThrow(expect.objectContaining({ code: "BUSY" }));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(file, "..")).mode & 0o777).toBe(0o700);
  }, 20_000);

  test("is no database of results, and none of results is a journal", async () => {
    const [results, sessions] = [join(folder(), "oncall.db"), join(folder(), "sessions.db")];
    await (await openSqliteStore(results)).close();
    open(sessions).close();
    journals.clear();
    expect(() => openJournal(results, () => {})).toThrow(expect.objectContaining({ code: "NOT_OURS" }));
    await expect(openSqliteStore(sessions)).rejects.toMatchObject({ code: "NOT_OURS" });
  });

  test("is written in full before a reply leaves", () => {
    const file = openJournalFile(join(folder(), "sessions.db"));
    expect([file.pragma("synchronous", { simple: true }), file.pragma("journal_mode", { simple: true })]).toEqual([
      2,
      "wal",
    ]);
    file.close();
  });
});

test("a full disk stops no episode, and what was played meanwhile is kept once there is room", async () => {
  const path = join(folder(), "sessions.db");
  const file = openJournalFile(path);
  const told: string[] = [];
  const journal = journalIn(file, (message) => told.push(message));
  journals.add(journal);
  const live = await opened(newSessions({}, { durable: journal }), new FakeCarrier());
  const token = live.renewToken();
  live.reset({ seed: 1 });
  file.pragma(`max_page_count = ${String(file.pragma("page_count", { simple: true }))}`);
  const long = "x".repeat(30_000);
  for (let i = 0; i < 3; i += 1) live.step(`${long}${i}`);
  expect([journal.saving, told.length]).toEqual([false, 1]);
  expect(told[0]).toContain("Sessions cannot be kept");
  file.pragma("max_page_count = 1000000");
  await expect.poll(() => journal.saving, { timeout: 5000 }).toBe(true);
  expect(told[1]).toBe("Sessions are kept again.");
  expect(expectLive((await resumed(path, live, token)).live).state()).toEqual(live.state());
});
