import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EnvError } from "../../../env/core/errors.ts";
import { rngFor } from "../../../env/core/rng.ts";
import { Session } from "../../../env/session/session.ts";
import { actionJson, ACTIONS } from "../../../env/vector/actions/table.ts";
import { Observer } from "../../../env/vector/features/observer.ts";
import { AUTORESETS, FLAGS, makeVectorEnv, NO_STEP, vectorSpec } from "../../../env/vector/index.ts";
import type { VectorBatch, VectorEnv, VectorOptions } from "../../../env/vector/index.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { plain } from "./plain.ts";
import { allowedAction } from "./policy.ts";

const { obs_dim: D, mask_bytes: M } = vectorSpec;
const make = (options: Partial<VectorOptions> = {}): VectorEnv =>
  makeVectorEnv({ suite: coreSuite, numEnvs: 3, ...options });
const indexOf = (text: string): number => ACTIONS.findIndex((action) => action.text === text);
const LOOK = indexOf("check_status(cache)");
const CLOSE = indexOf("resolve_incident(none, no_fault)");

const rowOf = ({ observations }: VectorBatch, env: number) => Array.from(observations.subarray(D * env, D * (env + 1)));

/** What one environment of its own shows and pays for the same actions. */
class Single {
  readonly session = new Session(coreSuite);
  readonly observer = new Observer();
  #over = false;

  reset(options: object): void {
    this.observer.begin(this.session.reset({ ...options, text: false }).observation);
  }

  /** A step, or the reset after an ended episode, which goes on with the stream of seeds. */
  advance(action: number, options: object) {
    if (this.#over) {
      this.reset(options);
      this.#over = false;
      return { reward: 0, terminated: false, truncated: false, isFirst: true };
    }
    const { observation, reward, terminated, truncated } = this.session.step(
      actionJson(ACTIONS[action] as (typeof ACTIONS)[number], this.observer.shown),
    );
    this.observer.see(observation);
    this.#over = terminated || truncated;
    return { reward, terminated, truncated, isFirst: false };
  }
}

test("environments are what single ones are, episode after episode, whatever they share a batch with", () => {
  const env = make({ numEnvs: 5, rewardMode: "potential" });
  const singles = Array.from({ length: 5 }, () => new Single());
  const rng = rngFor(3, "equal", 0);
  let batch = env.reset({ seed: 40 });
  singles.forEach((single, i) => single.reset({ seed: 40 + i, reward_mode: "potential" }));
  for (let step = 0; step < 120; step += 1) {
    const actions = Uint16Array.from(singles, (_, i) => allowedAction(rng, batch.masks, M * i));
    batch = env.step(actions);
    const own = singles.map((single, i) => single.advance(actions[i] as number, { reward_mode: "potential" }));
    expect(Array.from(batch.rewards)).toEqual(own.map(({ reward }) => Math.fround(reward)));
    expect(Array.from(batch.terminated)).toEqual(own.map(({ terminated }) => (terminated ? 1 : 0)));
    expect(Array.from(batch.truncated)).toEqual(own.map(({ truncated }) => (truncated ? 1 : 0)));
    expect(Array.from(batch.flags, (flags) => flags & FLAGS.first)).toEqual(
      own.map(({ isFirst }) => (isFirst ? 1 : 0)),
    );
    singles.forEach(({ observer }, i) => expect(rowOf(batch, i)).toEqual(Array.from(observer.row)));
  }
});

/** The first environment closes its episode at once. */
function closing(env: VectorEnv): VectorBatch {
  env.reset({ seeds: [1, 2, 3] });
  return env.step([CLOSE, LOOK, LOOK]);
}

/** Actions that an environment's mask allows. */
const allowed = (masks: readonly number[], env: number): number =>
  masks.slice(M * env, M * (env + 1)).reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);

describe("autoreset", () => {
  test("next_step: the next call ignores the action and returns a first observation without reward", () => {
    const env = make();
    const last = plain(closing(env));
    expect(last.terminated).toEqual([1, 0, 0]);
    expect(last.flags).toEqual([FLAGS.over, 0, 0]);
    expect(last.ended).toMatchObject([{ env: 0, steps: 1, ending: 1 }]);
    const next = env.step([CLOSE, LOOK, LOOK]);
    expect(Array.from(next.flags)).toEqual([FLAGS.first, 0, 0]);
    expect([next.rewards[0], next.terminated[0], next.truncated[0]]).toEqual([0, 0, 0]);
    expect(next.ended).toEqual([]);
    const stream = new Single();
    stream.reset({ seed: 1 });
    stream.reset({});
    expect(rowOf(next, 0)).toEqual(Array.from(stream.observer.row));
  });

  test("same_step: the new episode is there at once, the last observation is in the ended record", () => {
    const waiting = make();
    const last = rowOf(closing(waiting), 0);
    const env = make({ autoreset: "same_step" });
    const batch = closing(env);
    expect(Array.from(batch.terminated)).toEqual([1, 0, 0]);
    expect(Array.from(batch.flags)).toEqual([FLAGS.first, 0, 0]);
    expect(Array.from(batch.ended[0]?.finalObservation ?? [])).toEqual(last);
    expect(rowOf(batch, 0)).toEqual(rowOf(waiting.step([LOOK, LOOK, LOOK]), 0));
  });

  test("disabled: a finished environment waits for a reset, and stepping it is refused", () => {
    const env = make({ autoreset: "disabled" });
    const last = plain(closing(env));
    expect(last.flags).toEqual([FLAGS.over, 0, 0]);
    expect(() => env.step([LOOK, LOOK, LOOK])).toThrow(new EnvError("EPISODE_DONE"));
    const idle = plain(env.step([NO_STEP, LOOK, LOOK]));
    expect(idle.flags).toEqual([FLAGS.over | FLAGS.idle, 0, 0]);
    expect(idle.observations.slice(0, D)).toEqual(last.observations.slice(0, D));
    expect([idle.rewards[0], idle.terminated[0]]).toEqual([0, 0]);
    const again = plain(env.reset({ mask: [true, false, false], seeds: [9, null, null] }));
    expect(again.flags).toEqual([FLAGS.first, FLAGS.idle, FLAGS.idle]);
    expect(again.observations.slice(D)).toEqual(idle.observations.slice(D));
  });

  test.for(AUTORESETS)("%s: a finished episode allows everything, a new one what it allows at first", (autoreset) => {
    const env = make({ autoreset });
    const first = plain(env.reset({ seeds: [1, 2, 3] }));
    const batch = plain(closing(env));
    expect(allowed(batch.masks, 0)).toBe(autoreset === "same_step" ? allowed(first.masks, 0) : ACTIONS.length);
  });
});

describe("a step", () => {
  test("takes any action that a single environment takes, and calls the rest invalid", () => {
    const env = make({ numEnvs: 6 });
    env.reset({ seeds: [4, 4, 4, 4, 4, 4] });
    const batch = env.step([
      LOOK,
      "check_status(cache)",
      { type: "check_status", service: "cache" },
      ACTIONS.length,
      null,
      -1,
    ]);
    expect(Array.from(batch.flags)).toEqual([0, 0, 0, FLAGS.invalid, FLAGS.invalid, FLAGS.invalid]);
    expect(rowOf(batch, 1)).toEqual(rowOf(batch, 0));
    expect(rowOf(batch, 2)).toEqual(rowOf(batch, 0));
    expect(rowOf(batch, 4)).toEqual(rowOf(batch, 3));
  });

  test("leaves alone what it is told to leave alone", () => {
    const env = make();
    const first = plain(env.reset({ seed: 8 }));
    const batch = plain(env.step(Uint16Array.of(NO_STEP, LOOK, NO_STEP)));
    expect(batch.flags).toEqual([FLAGS.idle, 0, FLAGS.idle]);
    expect(batch.observations.slice(0, D)).toEqual(first.observations.slice(0, D));
    expect(batch.observations.slice(D, 2 * D)).not.toEqual(first.observations.slice(D, 2 * D));
  });

  test("is refused as a whole before a reset and for a wrong number of actions; nothing moves", () => {
    const env = make();
    expect(() => env.step([LOOK, LOOK, LOOK])).toThrow(new EnvError("NOT_RESET"));
    env.reset({ seed: 8 });
    expect(() => env.step([LOOK, LOOK])).toThrow("Expected one action for each of 3 environments, got 2.");
    const other = make();
    other.reset({ seed: 8 });
    expect(plain(env.step([LOOK, LOOK, LOOK]))).toEqual(plain(other.step([LOOK, LOOK, LOOK])));
  });
});

describe("a reset", () => {
  test("gives environment i the seed s + i, and equal seeds equal episodes", () => {
    const env = make();
    const one = plain(env.reset({ seed: 6 }));
    expect(plain(env.reset({ seeds: [6, 7, 8] }))).toEqual(one);
    const group = env.reset({ seeds: [6, 6, 6], taskIds: ["inc-101", "inc-101", "inc-101"] });
    expect(rowOf(group, 1)).toEqual(rowOf(group, 0));
    expect(rowOf(group, 2)).toEqual(rowOf(group, 0));
  });

  test("keeps to split, difficulty and tasks", () => {
    const budgets = (batch: VectorBatch) => new Set(Array.from({ length: 3 }, (_, i) => rowOf(batch, i)[28]));
    const easy = make({ difficulty: "easy", split: "all" });
    expect(budgets(easy.reset({ seed: 1 })).size).toBe(1);
    const named = make({ taskIds: ["inc-108"] });
    const reference = new Single();
    reference.reset({ seed: 5, task_id: "inc-108" });
    expect(rowOf(named.reset({ seeds: [5, 6, 7] }), 0)).toEqual(Array.from(reference.observer.row));
  });

  test("is refused as a whole: no environment moves", () => {
    const env = make();
    expect(() => env.reset({ mask: [true, true, false] })).toThrow("environment 2 was never reset");
    env.reset({ seed: 1 });
    const before = plain(env.step([NO_STEP, NO_STEP, NO_STEP]));
    expect(() => env.reset({ seeds: [1, 2, -3] })).toThrow("seed: expected a whole number");
    expect(() => env.reset({ taskIds: [null, null, "inc-999"] })).toThrow('Unknown task "inc-999"');
    expect(() => env.reset({ seeds: [1] })).toThrow("seeds: expected one entry for each of 3 environments, got 1.");
    expect(() => env.reset({ seed: 1, seeds: [1, 2, 3] })).toThrow("got both");
    expect(plain(env.step([NO_STEP, NO_STEP, NO_STEP]))).toEqual(before);
  });

  test("options that leave nothing to draw are refused at once", () => {
    expect(() => make({ taskIds: [] })).toThrow("at least one task");
    expect(() => make({ taskIds: ["inc-1"] })).toThrow('Unknown task "inc-1"');
    expect(() => make({ numEnvs: 0 })).toThrow("numEnvs: expected a whole number of at least 1, got 0.");
    expect(() => make({ workers: 0.5 })).toThrow("workers: expected a whole number");
  });
});

test("the same seeds and actions give the same bytes", () => {
  fc.assert(
    fc.property(fc.nat(999_999), fc.constantFrom(...AUTORESETS), (seed, autoreset) => {
      const play = () => {
        const env = make({ autoreset });
        const rng = rngFor(seed, "bytes", 0);
        let batch = env.reset({ seed });
        const seen = [plain(batch)];
        for (let step = 0; step < 25; step += 1) {
          const actions = Array.from(batch.flags, (flags, i) =>
            autoreset === "disabled" && (flags & FLAGS.over) !== 0 ? NO_STEP : allowedAction(rng, batch.masks, M * i),
          );
          batch = env.step(actions);
          seen.push(plain(batch));
        }
        return seen;
      };
      expect(play()).toEqual(play());
    }),
    { numRuns: 12 },
  );
});

test("a batch stays as it is until the call after the next", () => {
  const env = make();
  const first = env.reset({ seed: 3 });
  const kept = plain(first);
  env.step([LOOK, LOOK, LOOK]);
  expect(plain(first)).toEqual(kept);
});

test("the spec describes the tables", () => {
  expect(vectorSpec.actions).toHaveLength(vectorSpec.num_actions);
  expect(vectorSpec.features).toHaveLength(D);
  expect(M).toBe(Math.ceil(vectorSpec.num_actions / 8));
  expect(vectorSpec.action_space_id).toMatch(/^a-[0-9a-f]{8}$/);
  expect(vectorSpec.obs_space_id).toMatch(/^o-[0-9a-f]{8}$/);
  expect(vectorSpec.actions[0]).toEqual({
    index: 0,
    text: "inspect_logs(load_balancer)",
    action: { type: "inspect_logs", service: "load_balancer" },
  });
  const open = vectorSpec.actions.filter(({ value_from }) => value_from !== undefined);
  expect(open.every(({ action }) => !("value" in action) && !("reason" in action))).toBe(true);
});
