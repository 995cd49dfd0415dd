import Database from "better-sqlite3";
import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { openBackend } from "../../../env/store/backend.ts";
import { readMigrations } from "../../../env/store/sqlite/migrate.ts";
import { openDatabase } from "../../../env/store/sqlite/open.ts";
import { storedIn } from "../../torture/kill/stored.ts";
import { Child, oncall } from "./child.ts";
import { dump } from "./dump.ts";
import { here } from "./here.ts";
import { oneModel, places, providers } from "./place.ts";
import type { Place } from "./place.ts";
import { undisturbedRun } from "./undisturbed.ts";

const newPlace = places();
const newProvider = providers();
const PLAY = ["--agents", "tools:model", "--task-ids", "inc-101,inc-117"];

/** A file of the version before, with a run in it. */
function oldFile(): string {
  const { db } = newPlace();
  openDatabase(db, { migrations: readMigrations().slice(0, -1) }).close();
  const file = new Database(db);
  file.exec(`INSERT INTO suite (suite, version, manifest_json, manifest_sha256, env_version, scoring_version)
    VALUES ('old', '1.0.0', '{}', '${"0".repeat(64)}', '1.0.0', '1.0.0')`);
  file.close();
  return db;
}

describe("kill -9 in the middle of a migration", { timeout: 120_000 }, () => {
  test("leaves the version before, its backup and all that was in it, and the next opening migrates", async () => {
    const db = oldFile();
    const before = dump(db);
    const version = readMigrations().length;
    const points: string[] = [];
    const trial = oldFile();
    await (await openBackend(trial, { durable: (point) => points.push(point) })).close();
    expect(points.filter((point) => point === "open:schema")).toHaveLength(1);
    const until = points.indexOf("open:commit") + 1;

    for (let step = 1; step <= until; step += 1) {
      const killed = await new Child("test/eval/host-faults/killed-opening.ts", [db, `${step}`]).ended;
      expect(killed.signal).toBe("SIGKILL");
      const file = new Database(db, { readonly: true });
      expect(file.pragma("integrity_check", { simple: true })).toBe("ok");
      expect(file.pragma("user_version", { simple: true })).toBe(version - 1);
      file.close();
      expect(dump(db)).toEqual(before);
    }
    const backups = readdirSync(db.slice(0, db.lastIndexOf("/"))).filter((name) => name.endsWith(".bak"));
    expect(backups).toEqual([`oncall.db.v${version - 1}.bak`]);
    expect(dump(db.replace(/[^/]+$/, backups[0] ?? ""))).toEqual(before);

    await (await openBackend(db)).close();
    const file = new Database(db, { readonly: true });
    expect(file.pragma("user_version", { simple: true })).toBe(version);
    file.close();
    expect(dump(db)).toMatchObject(before);
  });
});

describe("kill -9 in the middle of a resume", { timeout: 120_000 }, () => {
  let undisturbed = "";
  beforeAll(async () => {
    const place = newPlace(oneModel((await newProvider()).baseUrl()));
    undisturbed = (await undisturbedRun(place, PLAY)).scored;
  });

  test("of a run that was killed in flight: each costs its own episode, and the result is as if undisturbed", async () => {
    const provider = await newProvider({ script: ["hang", "ok x2", "hang"] });
    const place: Place = newPlace(oneModel(provider.baseUrl()));
    for (const [command, requests] of [
      [["run", ...PLAY], 1],
      [["resume"], 4],
    ] as const) {
      const sitting = oncall([...command, ...place.flags]);
      await sitting.until(() => provider.journal.entries.length === requests);
      sitting.signal("SIGKILL");
      expect(await sitting.ended).toMatchObject({ signal: "SIGKILL" });
      expect(await storedIn(place.db)).toMatchObject({ status: "running" }); // and whole
    }
    expect(await here(["resume", ...place.flags])).toMatchObject({ code: 0, error: null });
    const { scored, episodes, calls } = await storedIn(place.db);
    expect(scored).toBe(undisturbed);
    expect(episodes.map(({ outcome }) => outcome).filter((outcome) => outcome === "abandoned")).toHaveLength(2);
    expect(calls["lost"]).toBe(2);
    expect(Object.values(calls).reduce((sum, count) => sum + count, 0)).toBe(provider.journal.entries.length);
  });

  test("before anything was planned leaves a file into which the next run is played", async () => {
    const place = newPlace();
    openDatabase(place.db).close();
    const { error } = await here(["resume", ...place.flags]);
    expect(error).toMatchObject({ name: "UsageError" });
    expect((await here(["run", "--agents", "random", "--task-ids", "inc-117", ...place.flags])).code).toBe(0);
  });
});
