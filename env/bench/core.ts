import { coreSuite } from "../../tasks/index.ts";
import { sampleAction } from "../contract/sample.ts";
import type { Action } from "../core/actions/index.ts";
import { actionDef } from "../core/actions/index.ts";
import { act, beginEpisode } from "../core/episode.ts";
import { rngFor } from "../core/rng.ts";
import { snapshotState } from "../core/snapshot.ts";
import { steadyState } from "../core/steady.ts";
import { tick } from "../core/tick.ts";
import { compare, median, nanoseconds } from "./rounds.ts";
import type { BenchResult } from "./result.ts";

/** A step that writes 128 floats in place: the least an environment can do. */
function toyStep(): (i: number) => void {
  const observation = new Float32Array(128);
  return (i) => {
    for (let k = 0; k < observation.length; k += 1) observation[k] = (observation[k] as number) * 0.99 + (i & k);
  };
}

/** A step that makes a fresh object of about 1 KB, as structured environments do. */
function toyObjectStep(): (i: number) => void {
  let kept: unknown;
  return (i) => {
    kept = { step: i, rows: Array.from({ length: 24 }, (_, k) => ["row", "unit", i, k, i + k, i * k]) };
    if (kept === null) throw new Error("unreachable");
  };
}

/** P4: one tick of the world. */
export function benchTick(): Promise<BenchResult> {
  const state = steadyState();
  const toy = toyStep();
  const count = 40_000;
  return compare({
    id: "P4",
    title: "one tick of the world",
    unit: "ns",
    target: "≤ 2,000 ns; live state ≤ 4 KB",
    bound: `arithmetic: about 400 operations and ${bytesPerState()} bytes of live state per environment`,
    baseline: { name: "write 128 floats", run: () => nanoseconds(count, toy) },
    ours: { name: "tick", run: () => nanoseconds(count, () => tick(state)) },
  });
}

/** Bytes of the plain numbers and names of one state, without what V8 adds. */
function bytesPerState(): number {
  const count = (value: unknown): number => {
    if (typeof value === "number") return 8;
    if (typeof value === "string") return 8;
    if (typeof value === "boolean") return 4;
    return Object.values(value ?? {}).reduce((sum: number, item) => sum + count(item), 0);
  };
  const { history, ...rest } = snapshotState(steadyState()) as { history: number[] } & Record<string, unknown>;
  return count(rest) + 4 * history.length;
}

/** P3: reset with a fresh seed, instance checked. */
export function benchReset(): Promise<BenchResult> {
  const tasks = coreSuite.tasks;
  const state = steadyState();
  let seed = 0;
  const resets = 400;
  const onsetTicks = 48;
  return compare({
    id: "P3",
    title: "reset with a fresh seed, instance checked (median)",
    unit: "µs",
    target: "≤ 150 µs",
    bound:
      "the 8 warm-up ticks and the onset of some 40 ticks; the 24 healthy ticks are replaced by a stored steady state",
    baseline: {
      name: `${onsetTicks} ticks`,
      run: () =>
        nanoseconds(resets, () => {
          for (let i = 0; i < onsetTicks; i += 1) tick(state);
        }) / 1000,
    },
    ours: {
      name: "reset",
      run: () =>
        median(
          Array.from({ length: resets }, () => {
            seed += 1;
            const task = tasks[seed % tasks.length] as (typeof tasks)[number];
            return nanoseconds(1, () => void beginEpisode(task, seed, "telescoped", 1));
          }),
        ) / 1000,
    },
  });
}

/** P1: structured steps, in process, resets and closing actions excluded. */
export function benchStep(): Promise<BenchResult> {
  const actions = sampledActions(4096);
  const toy = toyObjectStep();
  let seed = 0;
  let next = 0;
  const episodes = 200;
  return compare({
    id: "P1",
    title: "structured step, in process, one core, resets and closes excluded",
    unit: "ns",
    target: "≥ 200,000 steps/s (≤ 5,000 ns)",
    bound: "the ticks that a step simulates (one for a look, four for a change) and the objects of its observation",
    baseline: { name: "fresh object of 1 KB", run: () => nanoseconds(20_000, toy) },
    ours: {
      name: "step",
      run: () => {
        let spent = 0;
        let steps = 0;
        for (let i = 0; i < episodes; i += 1) {
          seed += 1;
          const task = coreSuite.tasks[seed % coreSuite.tasks.length] as (typeof coreSuite.tasks)[number];
          const episode = beginEpisode(task, seed, "telescoped", 1);
          const began = process.hrtime.bigint();
          for (let k = 0; k < 12; k += 1) {
            next = (next + 1) & 4095;
            act(episode, actions[next]);
          }
          spent += Number(process.hrtime.bigint() - began);
          steps += 12;
        }
        return spent / steps;
      },
    },
  });
}

/** Actions as a random agent takes them, but for those that close. */
function sampledActions(count: number): Action[] {
  const rng = rngFor(1, "bench", 0);
  const actions: Action[] = [];
  while (actions.length < count) {
    const action = sampleAction(rng);
    if (actionDef(action.type).kind !== "close") actions.push(action);
  }
  return actions;
}
