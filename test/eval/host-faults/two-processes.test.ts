import Database from "better-sqlite3";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { methodical } from "../../../eval/mock-models/models.ts";
import type { Behaviour } from "../../../eval/mock-provider/behaviours.ts";
import { storedIn } from "../../torture/kill/stored.ts";
import type { Stored } from "../../torture/kill/stored.ts";
import { oncall } from "./child.ts";
import { dump } from "./dump.ts";
import { here } from "./here.ts";
import { oneModel, places, providers } from "./place.ts";
import type { Place } from "./place.ts";
import { undisturbedRun } from "./undisturbed.ts";

const newPlace = places();
const newProvider = providers();
const PLAY = ["--agents", "tools:model", "--task-ids", "inc-101,inc-117"];

let undisturbed: Stored;
beforeAll(async () => {
  const place = newPlace(oneModel((await newProvider()).baseUrl()));
  undisturbed = await undisturbedRun(place, PLAY);
});

/** A provider whose first answer is held back until it is let go. */
async function holdingBack() {
  const hold = new AbortController();
  const gone = once(hold.signal, "abort");
  let requests = 0;
  const reply: Behaviour = async (...asked) => {
    requests += 1;
    if (requests === 1) await gone;
    return methodical(...asked);
  };
  return { provider: await newProvider({ reply }), letGo: () => hold.abort() };
}

/** Makes the process that holds the newest run look as if it had given no sign of life for a minute and a second. */
function silence({ db }: Place): void {
  const file = new Database(db, { timeout: 5000 });
  file.prepare("UPDATE run SET heartbeat_at = heartbeat_at - 61000").run();
  file.close();
}

/** One scored attempt at each slot, and the results that nobody disturbed. */
async function expectWhole({ db }: Place): Promise<void> {
  const { status, scored, episodes } = await storedIn(db);
  expect(status).toBe("complete");
  expect(scored).toBe(undisturbed.scored);
  expect(episodes.filter((one) => one.scored)).toHaveLength(undisturbed.episodes.length);
  expect(dump(db)["run"]).toMatchObject([{ owner_json: null, heartbeat_at: null }]);
}

describe("one run, two processes", { timeout: 120_000 }, () => {
  test("that resume it at the same time: one plays, the other is refused with exit code 4", async () => {
    const { provider, letGo } = await holdingBack();
    const place = newPlace(oneModel(provider.baseUrl()));
    writeFileSync(place.pauseFile, "");
    expect((await here(["run", ...PLAY, ...place.flags])).code).toBe(4);
    rmSync(place.pauseFile);

    const both = [oncall(["resume", ...place.flags]), oncall(["resume", ...place.flags])];
    const first = await Promise.race(both.map(({ ended }) => ended));
    letGo();
    expect(first).toMatchObject({ code: 4, stderr: expect.stringMatching(/is being played by process \d+ on/) });
    expect(first.stderr).not.toContain("    at ");
    const ended = await Promise.all(both.map((child) => child.ended));
    expect(new Set(ended.map(({ code }) => code))).toEqual(new Set([0, 4]));
    await expectWhole(place);
    expect(dump(place.db)["run_event"]?.map(({ type }) => type)).toEqual(["pause", "resume"]);
  });

  test("of which one was stopped for a minute: it is taken over, and what it brings late is refused", async () => {
    const { provider, letGo } = await holdingBack();
    const place = newPlace(oneModel(provider.baseUrl()));
    const stopped = oncall(["run", ...PLAY, ...place.flags]);
    await stopped.until(() => provider.journal.entries.length > 0);
    expect((await here(["resume", ...place.flags])).error).toMatchObject({ owner: { pid: stopped.pid } });

    stopped.signal("SIGSTOP");
    silence(place);
    expect(await here(["resume", ...place.flags])).toMatchObject({ code: 0, error: null });
    await expectWhole(place);
    const taken = dump(place.db);

    letGo();
    stopped.signal("SIGCONT");
    expect(await stopped.ended).toMatchObject({ code: 4, stderr: expect.stringContaining("taken the run over") });
    // Calls that were made are on record, whoever made them.
    const { provider_call: calls, gate: _, ...after } = dump(place.db);
    const { provider_call: callsBefore, gate: __, ...before } = taken;
    expect(after).toEqual(before);
    expect(calls?.slice(0, callsBefore?.length)).toEqual(callsBefore);
    await expectWhole(place);
  });

  test("of which one is taken over and then told to pause: the pause is not the other's", async () => {
    const { provider, letGo } = await holdingBack();
    const place = newPlace(oneModel(provider.baseUrl()));
    const old = oncall(["run", ...PLAY, ...place.flags]);
    await old.until(() => provider.journal.entries.length > 0);
    silence(place);
    const other = "UPDATE run SET owner_json = json_set(owner_json, '$.token', 'another')";
    const file = new Database(place.db, { timeout: 5000 });
    file.exec(other);
    old.signal("SIGINT");
    await old.said(/Pausing/);
    old.signal("SIGINT");
    expect((await old.ended).code).toBe(4);
    letGo();
    expect(file.prepare("SELECT status, owner_json ->> '$.token' AS token FROM run").get()).toEqual({
      status: "running",
      token: "another",
    });
    file.close();
  });
});

test("two runs that share an endpoint keep one policy", { timeout: 120_000 }, async () => {
  const provider = await newProvider();
  const [gapMs, limit, windowMs] = [150, 4, 1500];
  const policy = { min_interval_s: gapMs / 1000, rate_limit: limit, rate_window_s: windowMs / 1000 };
  const place = newPlace(oneModel(provider.baseUrl(), policy));
  const play = ["run", "--agents", "tools:model", "--task-ids", "inc-117", ...place.flags];
  const ended = await Promise.all([oncall(play).ended, oncall([...play, "--seed", "9"]).ended]);
  expect(ended.map(({ code }) => code)).toEqual([0, 0]);

  const calls = (dump(place.db)["provider_call"] ?? []) as { run_id: string; sent_at: number; finished_at: number }[];
  const sorted = calls.toSorted((a, b) => a.sent_at - b.sent_at);
  expect(new Set(calls.map(({ run_id: runId }) => runId)).size).toBe(2);
  expect(provider.journal.entries).toHaveLength(calls.length);
  const gaps = sorted.slice(1).map(({ sent_at: sentAt }, i) => sentAt - (sorted[i]?.finished_at ?? NaN));
  const windows = sorted.slice(limit).map(({ sent_at: sentAt }, i) => sentAt - (sorted[i]?.sent_at ?? NaN));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(gapMs);
  expect(Math.min(...windows)).toBeGreaterThanOrEqual(windowMs);
});
