import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openMemoryBackend } from "../../../env/store/memory.ts";
import type { Backend } from "../../../env/store/backend.ts";
import { exportRows, rowsJsonl } from "../../../eval/export/rows.ts";
import { readEntries } from "../../../eval/report/entry.ts";
import { Stops } from "../../../eval/stops.ts";
import { VirtualClock } from "../provider/virtual-clock.ts";
import { planned } from "../run-fixtures.ts";
import { places, providers } from "./place.ts";
import { sitVirtually } from "./virtual-run.ts";
import { modelsFor, WAIT_NAMES, WAITS } from "./waits.ts";

const newPlace = places();
const newProvider = providers();
const TASKS = ["inc-101", "inc-117"];

/** The scored export of a run. */
async function exported({ results }: Backend): Promise<string> {
  const run = await results.run("run-1");
  return rowsJsonl(exportRows(await readEntries(results, run as never), { full: false }));
}

/** Ways of asking for a stop, each in its two degrees. */
const ASKED = {
  "an interrupt": {
    episode: (stops: Stops) => stops.ask("episode", "x"),
    now: (stops: Stops) => stops.ask("now", "x"),
  },
  "the pause file": {
    episode: (_: Stops, file: string) => writeFileSync(file, ""),
    now: (_: Stops, file: string) => writeFileSync(file, "now\n"),
  },
  "a folder in the place of the pause file": {
    episode: (_: Stops, file: string) => mkdirSync(file),
  },
} as const satisfies Readonly<Record<string, Partial<Record<"episode" | "now", (stops: Stops, file: string) => void>>>>;

const CASES = WAIT_NAMES.flatMap((wait) =>
  Object.entries(ASKED).flatMap(([by, degrees]) =>
    Object.entries(degrees).map(([degree, ask]) => ({ wait, by, degree, ask })),
  ),
);

describe("in the middle of a wait", () => {
  test.for(CASES)("for $wait, $by that means $degree pauses the run, and it can be resumed", async (one) => {
    const { wait, degree, ask } = one;
    const provider = await newProvider({ script: WAITS[wait].script });
    const config = modelsFor(provider.baseUrl(), WAITS[wait].policy);
    const plan = planned("tools:model", config, TASKS);
    const backend = openMemoryBackend();
    const { pauseFile } = newPlace();
    const clock = new VirtualClock();
    const stops = new Stops(pauseFile);
    let askedAt: number | null = null;
    const asking = (): void => {
      if (askedAt !== null) return;
      askedAt = clock.monotonic();
      ask(stops, pauseFile);
    };
    const onWait = ({ cause }: { cause: string }): void => {
      if (cause === wait) asking();
    };
    const paused = await sitVirtually({ plan, config, backend, clock, stops, onWait });
    expect(paused).toMatchObject({ status: "paused", errors: 0 });
    expect(askedAt).not.toBeNull();
    const episodes = await backend.results.episodes();
    const isCut = degree === "now";
    expect(clock.monotonic() - (askedAt ?? 0)).toBeLessThanOrEqual(isCut ? 1000 : Infinity);
    expect(episodes).toMatchObject([
      isCut ? { outcome: "cancelled", scored: false, errorClass: "aborted" } : { scored: true },
    ]);
    expect(await backend.results.run("run-1")).toMatchObject({ status: "paused", owner: null });

    rmSync(pauseFile, { recursive: true, force: true });
    const resumed = await sitVirtually({ plan, config, backend, clock, isResumed: true });
    expect(resumed).toMatchObject({ status: "complete", done: 2, unscored: 0 });
    expect(await exported(backend)).toBe(await undisturbed());
    await backend.close();
  });
});

let whole: string | null = null;

/** What nobody disturbed: no policy and no fault changes it. */
async function undisturbed(): Promise<string> {
  if (whole !== null) return whole;
  const provider = await newProvider();
  const config = modelsFor(provider.baseUrl(), {});
  const backend = openMemoryBackend();
  await sitVirtually({ plan: planned("tools:model", config, TASKS), config, backend, clock: new VirtualClock() });
  whole = await exported(backend);
  await backend.close();
  return whole;
}
