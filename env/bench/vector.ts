import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { coreSuite } from "../../tasks/index.ts";
import { pick, rngFor } from "../core/rng.ts";
import { Session } from "../session/session.ts";
import { actionJson, ACTIONS } from "../vector/actions/table.ts";
import type { TableAction } from "../vector/actions/table.ts";
import { Observer } from "../vector/features/observer.ts";
import { makeVectorEnv, vectorSpec } from "../vector/index.ts";
import type { VectorEnv } from "../vector/index.ts";
import { compare } from "./rounds.ts";
import type { BenchResult } from "./result.ts";

const M = vectorSpec.mask_bytes;
const ENVS = 256;
const STEPS = 40;
/** Share of draws that may end an episode; with it an episode has some 14 steps. */
const CLOSING = 0.04;

const ofKind = (kind: TableAction["kind"]): number[] =>
  ACTIONS.filter((action) => action.kind === kind).map(({ index }) => index);

/** Indexes as a policy in training draws them, made beforehand: half look, half change, few close. */
const drawn: Uint16Array = (() => {
  const rng = rngFor(1, "bench", 0);
  const [looks, changes, closes] = [ofKind("observe"), ofKind("remediate"), ofKind("close")];
  return Uint16Array.from({ length: 1 << 16 }, () =>
    pick(rng, rng() < CLOSING ? closes : rng() < 0.6 ? looks : changes),
  );
})();
let next = 0;

/** Fills in one action for each environment, among those that its mask allows. */
export function choose(actions: Uint16Array, masks: Uint8Array): void {
  for (let i = 0; i < actions.length; i += 1) {
    let action: number;
    do {
      next = (next + 1) & (drawn.length - 1);
      action = drawn[next] as number;
    } while ((((masks[M * i + (action >> 3)] as number) >> (action & 7)) & 1) === 0);
    actions[i] = action;
  }
}

/** Steps a vector environment goes on with, and what it has cost: environment-steps per second, resets included. */
export class Rollout {
  readonly #env: VectorEnv;
  readonly #actions: Uint16Array;
  #masks: Uint8Array;

  constructor(numEnvs: number, workers = 0) {
    this.#env = makeVectorEnv({ suite: coreSuite, numEnvs, workers, split: "all" });
    this.#actions = new Uint16Array(numEnvs);
    this.#masks = this.#env.reset({ seed: 1 }).masks;
  }

  rate(steps: number): number {
    let spent = 0;
    for (let i = 0; i < steps; i += 1) {
      choose(this.#actions, this.#masks);
      const began = performance.now();
      this.#masks = this.#env.step(this.#actions).masks;
      spent += performance.now() - began;
    }
    return (steps * this.#actions.length * 1000) / spent;
  }

  close(): void {
    this.#env.close();
  }
}

/** The same by single environments, one after the other, without features: what the simulation itself takes. */
class Singles {
  readonly #sessions = Array.from({ length: ENVS }, () => new Session(coreSuite));
  readonly #shown = new Observer().shown;
  #seed = 0;

  constructor() {
    for (const session of this.#sessions) this.#begin(session);
  }

  rate(steps: number): number {
    let spent = 0;
    for (let i = 0; i < steps; i += 1) {
      for (const session of this.#sessions) {
        next = (next + 1) & (drawn.length - 1);
        const action = actionJson(ACTIONS[drawn[next] as number] as (typeof ACTIONS)[number], this.#shown);
        const began = performance.now();
        const { terminated, truncated } = session.step(action);
        if (terminated || truncated) this.#begin(session);
        spent += performance.now() - began;
      }
    }
    return (steps * ENVS * 1000) / spent;
  }

  #begin(session: Session): void {
    this.#seed += 1;
    session.reset({ seed: this.#seed, split: "all", text: false });
  }
}

/** P9: a vector environment in process, on one core. */
export function benchVector(): Promise<BenchResult> {
  const [singles, rollout] = [new Singles(), new Rollout(ENVS)];
  return compare({
    id: "P9",
    title: `vector, in process, one core, ${ENVS} environments, resets with fresh seeds included`,
    unit: "env-steps/s",
    target: "≥ 250,000 env-steps/s",
    bound: "the simulation: ticks, a reset every 14 steps and the judgement at its end; features take the rest",
    baseline: { name: "single environments", run: () => singles.rate(STEPS) },
    ours: { name: "vector", run: () => rollout.rate(STEPS) },
  });
}

/** P9: memory that a long run leaves behind: none, beyond what its environments need. */
export function benchVectorHeap(): Promise<BenchResult> {
  const rollout = new Rollout(ENVS);
  const heapAfter = (steps: number): number => {
    rollout.rate(steps);
    collectGarbage();
    return process.memoryUsage().heapUsed / 2 ** 20;
  };
  return compare({
    id: "P9-heap",
    title: `heap of a vector run after ${ENVS * 10 * STEPS} more steps`,
    unit: "MiB",
    target: "≤ 1.1",
    bound: "the states of the environments and the tables of the simulation",
    baseline: { name: "before", run: () => heapAfter(1) },
    ours: { name: "after", run: () => heapAfter(10 * STEPS) },
  });
}

/** The collector, as a function; V8 hides it behind a flag that it also takes late. */
const collectGarbage: () => void = (() => {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
})();

/** P11: two worker threads against one. */
export async function benchWorkers(): Promise<BenchResult> {
  const [one, two] = [new Rollout(ENVS, 1), new Rollout(ENVS, 2)];
  const result = await compare({
    id: "P11",
    title: `vector, two worker threads against one, ${ENVS} environments`,
    unit: "env-steps/s",
    target: "≥ 1.7",
    bound: "the cores of the machine, and what else runs on them",
    baseline: { name: "one worker", run: () => one.rate(STEPS) },
    ours: { name: "two workers", run: () => two.rate(STEPS) },
  });
  one.close();
  two.close();
  return result;
}

const FEW = 1;
const MANY = 16_384;

/** P12: what an environment-step costs among many environments against one alone. */
export function benchManyEnvs(): Promise<BenchResult> {
  const [few, many] = [new Rollout(FEW), new Rollout(MANY)];
  return compare({
    id: "P12",
    title: `vector, ${MANY.toLocaleString("en")} environments against ${FEW}`,
    unit: "env-steps/s",
    target: "≥ 0.75",
    bound: "memory: the state of 16,384 environments does not fit into a cache",
    baseline: { name: `${FEW} environment`, run: () => few.rate(MANY) },
    ours: { name: `${MANY.toLocaleString("en")} environments`, run: () => many.rate(1) },
  });
}

/** P12: the last steps of an episode against its first. */
export function benchLateSteps(): Promise<BenchResult> {
  const env = makeVectorEnv({
    suite: coreSuite,
    numEnvs: ENVS,
    difficulty: "hard",
    split: "all",
    autoreset: "disabled",
  });
  const looks = ACTIONS.filter(({ type }) => type === "inspect_metrics").map(({ index }) => index);
  let seed = 0;
  /** Mean time of a look in steps `from` to `to` of fresh episodes, in microseconds. */
  const time = (from: number, to: number): number => {
    seed += ENVS;
    env.reset({ seed });
    let spent = 0;
    for (let step = 0; step < to; step += 1) {
      const began = performance.now();
      env.step(new Uint16Array(ENVS).fill(looks[step % looks.length] as number));
      if (step >= from) spent += performance.now() - began;
    }
    return (spent * 1000) / (ENVS * (to - from));
  };
  return compare({
    id: "P12-late",
    title: "a look late in an episode against an early one",
    unit: "µs",
    target: "≤ 1.25",
    bound: "the tick and the table of metrics that a look reads; neither knows how long the episode has been",
    baseline: { name: "steps 4 to 8", run: () => time(3, 8) },
    ours: { name: "steps 18 to 22", run: () => time(17, 22) },
  });
}
