import Database from "better-sqlite3";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBackend } from "../../../../env/store/backend.ts";
import { StoreError } from "../../../../env/store/errors.ts";
import { contents, operations } from "./operations.ts";
import { uninterrupted } from "./sweep.ts";
import type { Point, Uninterrupted } from "./sweep.ts";

const folder = mkdtempSync(join(tmpdir(), "oncall-sweep-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newFile = () => join(folder, `${(files += 1)}.db`);

const copyAt = ({ number }: Point) => join(folder, `copy-${number}.db`);
let whole: Uninterrupted;
beforeAll(async () => {
  const file = newFile();
  whole = await uninterrupted(file, (point) => {
    for (const part of ["", "-wal"]) if (existsSync(file + part)) copyFileSync(file + part, copyAt(point) + part);
  });
});

/** Fails at the point that is set, and again at all after it while `stays`. */
function failing(error: () => Error, stays: boolean) {
  const state = { countdown: Infinity };
  const durable = () => {
    state.countdown -= 1;
    if (stays ? state.countdown <= 0 : state.countdown === 0) throw error();
  };
  return { durable, failAt: (n: number) => (state.countdown = n), mend: () => (state.countdown = Infinity) };
}

/** What only reads, and so has no points. */
const READS = "calls episodes events gate health latestRun run runs slots stats steps suite taskSpecs variants";

/** The code with which the store refused; null when it did not. */
const refusalOf = (call: Promise<unknown>): Promise<string | null> =>
  call.then(
    () => null,
    (reason: unknown) => (reason instanceof StoreError ? reason.code : String(reason)),
  );

test("the points cover every way in which a backend writes", async () => {
  const { results, jobs } = await openBackend("memory:");
  const writing = whole.points.map(({ name }) => name.split(":")[0]);
  const all = ["open", ...Object.keys(results), ...Object.keys(jobs)];
  expect(new Set([...writing, ...READS.split(" ")])).toEqual(new Set(all));
});

test("what a process leaves that ends at any point is what was acknowledged", async () => {
  for (const point of whole.points) {
    const file = copyAt(point);
    const backend = await openBackend(file);
    expect([point, contents(file)]).toEqual([point, whole.states[point.after]]);
    await backend.close();
  }
});

describe.each([
  ["a full disk", () => new Database.SqliteError("database or disk is full", "SQLITE_FULL")],
  ["an I/O error", () => new Database.SqliteError("disk I/O error", "SQLITE_IOERR_WRITE")],
  ["an error of the system", () => Object.assign(new Error("EIO: i/o error, write"), { code: "EIO" })],
])("%s", (_, error) => {
  test.each([
    ["once", false],
    ["until it is mended", true],
  ])("at any point, %s, keeps nothing of the operation, and the next try does", async (__, stays) => {
    const disk = failing(error, stays);
    const file = newFile();
    const backend = await openBackend(file, { durable: disk.durable });
    const { results } = backend;
    let failures = 0;
    for (const [index, operation] of Object.values(operations).entries()) {
      for (let n = 1; ; n += 1) {
        disk.failAt(n);
        const refusal = await refusalOf(operation(backend));
        if (refusal === null) break;
        failures += 1;
        const next = stays ? await refusalOf(operation(backend)) : refusal;
        expect([refusal, next]).toEqual(["NOT_SAVED", "NOT_SAVED"]);
        expect(contents(file)).toEqual(whole.states[index]);
        expect((await results.health()).ok).toBe(false);
      }
      disk.mend();
      expect(contents(file)).toEqual(whole.states[index + 1]);
    }
    expect(failures).toBe(whole.points.filter(({ name }) => !/^(?:open|close):/.test(name)).length);
    expect(await results.health()).toEqual({ ok: true });
    disk.failAt(1);
    await backend.close();
    expect(contents(file)).toEqual(whole.states.at(-1));
  });

  test("while a new file is made refuses it, and the next opening makes it", async () => {
    const opening = whole.points.filter(({ name }) => name.startsWith("open:"));
    expect(opening.length).toBeGreaterThan(0);
    for (const { number } of opening) {
      const disk = failing(error, false);
      const file = newFile();
      disk.failAt(number);
      await expect(openBackend(file, { durable: disk.durable })).rejects.toMatchObject({ code: "NOT_SAVED" });
      const backend = await openBackend(file);
      expect(contents(file)).toEqual(whole.states[0]);
      await backend.close();
    }
  });
});
