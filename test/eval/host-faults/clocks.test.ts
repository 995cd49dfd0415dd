import { describe, expect, test } from "vitest";
import { openMemoryBackend } from "../../../env/store/memory.ts";
import { takeHold } from "../../../eval/hold.ts";
import { SILENT_AFTER_MS } from "../../../eval/owner.ts";
import { storePlan } from "../../../eval/store-plan.ts";
import { Stops } from "../../../eval/stops.ts";
import { VirtualClock } from "../provider/virtual-clock.ts";
import { planned } from "../run-fixtures.ts";
import { providers } from "./place.ts";
import { sitVirtually } from "./virtual-run.ts";
import { modelsFor, WAIT_NAMES, WAITS } from "./waits.ts";
import type { WaitName } from "./waits.ts";

const newProvider = providers();
const FACTS = { versions: {}, config: {}, gitCommit: null, gitDirty: null };
const HOUR = 3_600_000;
const YEAR_2038 = Date.UTC(2038, 0, 19, 3, 14, 7);
const YEAR_2106 = Date.UTC(2106, 1, 7, 6, 28, 15);

/** A machine whose lid is closed: what its clocks do meanwhile depends on the system. */
class Laptop extends VirtualClock {
  #slept = 0;

  /** @param isCounted whether the monotonic clock goes on in its sleep, which it does not on Linux */
  closeLid(ms: number, isCounted: boolean): void {
    if (isCounted) this.#slept += ms;
    else this.setWall(ms);
  }

  override now(): number {
    return super.now() + this.#slept;
  }

  override monotonic(): number {
    return super.monotonic() + this.#slept;
  }
}

interface Played {
  /** When each request came, in seconds of waiting since the run began; the machine's sleep aside. */
  readonly starts: readonly number[];
  readonly durations: readonly number[];
  readonly scores: readonly (number | null)[];
  readonly outcomes: readonly (string | null)[];
}

/** Plays an episode, and does something to the clock in the middle of the first wait of that kind. */
async function played(wait: WaitName, disturb: (clock: Laptop) => void, wall?: number): Promise<Played> {
  const clock = new Laptop(wall);
  const awake = (): number => VirtualClock.prototype.monotonic.call(clock);
  const starts: number[] = [];
  const provider = await newProvider({
    script: WAITS[wait].script,
    onEntry: () => starts.push(Math.round(awake()) / 1000),
  });
  const config = modelsFor(provider.baseUrl(), WAITS[wait].policy);
  const backend = openMemoryBackend();
  const { results } = backend;
  let slices = 0;
  const stops = new Stops();
  stops.look = () => {
    slices += 1;
    if (slices === 0) disturb(clock);
  };
  let isDisturbed = false;
  const onWait = ({ cause }: { cause: string }): void => {
    if (cause !== wait || isDisturbed) return;
    isDisturbed = true;
    slices = -2; // two looks on, well into the wait
  };
  const plan = planned("tools:model", config, ["inc-117"]);
  expect(await sitVirtually({ plan, config, backend, clock, stops, onWait })).toMatchObject({ status: "complete" });
  expect(slices).toBeGreaterThanOrEqual(0);
  const episodes = await results.episodes();
  const calls = await results.calls();
  await backend.close();
  return {
    starts,
    durations: [
      ...episodes.flatMap(({ wallMs, waitingMs, workingMs }) => [wallMs, waitingMs, workingMs]),
      ...calls.flatMap(({ latencyMs, ttfbMs, waits }) => [latencyMs, ttfbMs, ...Object.values(waits)]),
    ]
      .map((ms) => ms ?? 0)
      .toSorted((a, b) => a - b),
    scores: episodes.map(({ score }) => score),
    outcomes: episodes.map(({ outcome }) => outcome),
  };
}

describe("a wall clock that is set in the middle of a wait", () => {
  const CASES = WAIT_NAMES.flatMap((wait) =>
    [-24 * HOUR, -HOUR, HOUR, 24 * HOUR].map((by) => [wait, by / HOUR, by] as const),
  );

  test.for(CASES)("for %s, by %i h, moves no call of the run, and no duration is negative", async ([wait, , by]) => {
    const [undisturbed, disturbed] = [await played(wait, () => {}), await played(wait, (clock) => clock.setWall(by))];
    expect(disturbed).toEqual(undisturbed);
    expect(Math.min(...disturbed.durations)).toBeGreaterThanOrEqual(0);
  });

  test.for([YEAR_2038, YEAR_2106])("plays the same when it is %i", async (wall) => {
    expect(await played("window", () => {}, wall)).toEqual(await played("window", () => {}));
  });
});

describe("a machine that sleeps for eight hours in the middle of a wait", () => {
  test.for(WAIT_NAMES)("that is for %s, by a clock that stands still meanwhile: nothing has changed", async (wait) => {
    const asleep = await played(wait, (clock) => clock.closeLid(8 * HOUR, false));
    expect(asleep).toEqual(await played(wait, () => {}));
  });

  test.for(WAIT_NAMES)("that is for %s, by a clock that goes on: it is over when the machine wakes", async (wait) => {
    const undisturbed = await played(wait, () => {});
    const asleep = await played(wait, (clock) => clock.closeLid(8 * HOUR, true));
    expect(asleep.outcomes).toEqual(undisturbed.outcomes);
    expect(asleep.scores).toEqual(undisturbed.scores);
    expect(asleep.starts).toHaveLength(undisturbed.starts.length);
    for (const [i, at] of asleep.starts.entries()) expect(at).toBeLessThanOrEqual(undisturbed.starts[i] ?? NaN);
    expect(asleep.starts).not.toEqual(undisturbed.starts);
    expect(Math.min(...asleep.durations)).toBeGreaterThanOrEqual(0);
  });
});

describe("the heartbeat of a run", () => {
  test.for([
    ["the machine has slept", 8 * HOUR],
    ["its clock was set an hour forward", HOUR],
    ["its clock was set an hour back", -HOUR],
  ] as const)("is true again at the first look after %s, so that nobody takes the living for dead", async ([, by]) => {
    const backend = openMemoryBackend();
    const { results } = backend;
    const clock = new Laptop();
    await storePlan(planned("random", modelsFor("http://127.0.0.1:9/v1", {}), ["inc-117"]), FACTS, {
      store: results,
      clock,
    });
    const hold = await takeHold("run-1", { store: results, clock });
    clock.setWall(by);
    await hold.beat();
    const { heartbeatAt = null } = (await results.run("run-1")) ?? {};
    expect(Math.abs(clock.now() - (heartbeatAt ?? NaN))).toBeLessThan(SILENT_AFTER_MS);
    expect(hold.isLost).toBe(false);
    await backend.close();
  });
});
