import { afterEach, expect, test } from "vitest";
import { rngFor } from "../../../env/core/rng.ts";
import { ACTIONS } from "../../../env/vector/actions/table.ts";
import { FLAGS, makeVectorEnv, NO_STEP, vectorSpec } from "../../../env/vector/index.ts";
import type { VectorBatch, VectorEnv, VectorOptions } from "../../../env/vector/index.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { allowedAction } from "./policy.ts";

const M = vectorSpec.mask_bytes;
const open: VectorEnv[] = [];

function make(options: Partial<VectorOptions>): VectorEnv {
  const env = makeVectorEnv({ suite: coreSuite, numEnvs: 5, ...options });
  open.push(env);
  return env;
}

afterEach(() => {
  for (const env of open.splice(0)) env.close();
});

/** A batch as bytes. */
const bytes = ({ observations, rewards, terminated, truncated, flags, masks, ended }: VectorBatch): string =>
  JSON.stringify([observations, rewards, terminated, truncated, flags, masks].map((block) => Array.from(block))) +
  JSON.stringify(ended.map(({ finalObservation, ...rest }) => [rest, Array.from(finalObservation ?? [])]));

/** Threads take seconds to start, so that one set of them has to do. */
test("worker threads give the same bytes as one thread, and refuse what it refuses", () => {
  const [one, two] = [make({ autoreset: "same_step" }), make({ autoreset: "same_step", workers: 2 })];
  for (const env of [one, two]) {
    expect(() => env.step([0, 0, 0, 0, 0])).toThrow("reset() must be called before step().");
    expect(() => env.reset({ mask: [true, true, true, true, false] })).toThrow("environment 4 was never reset");
    expect(() => env.reset({ taskIds: [null, null, null, null, "inc-999"] })).toThrow('Unknown task "inc-999"');
  }
  const rng = rngFor(1, "workers", 0);
  let batch = one.reset({ seed: 70 });
  expect(bytes(two.reset({ seed: 70 }))).toBe(bytes(batch));
  let ended = 0;
  for (let step = 0; step < 60; step += 1) {
    const actions = Uint16Array.from(batch.flags, (_, i) => allowedAction(rng, batch.masks, M * i));
    batch = one.step(actions);
    ended += batch.ended.length;
    expect(bytes(two.step(actions))).toBe(bytes(batch));
  }
  expect(ended).toBeGreaterThan(5);

  const json = ["check_status(cache)", { type: "restart_service", service: "cache" }, null, ACTIONS.length, NO_STEP];
  expect(bytes(two.step(json))).toBe(bytes(one.step(json)));
  const partial = { seeds: [null, 9, null, null, null], mask: [false, true, false, false, false] };
  expect(bytes(two.reset(partial))).toBe(bytes(one.reset(partial)));
  two.close();
  two.close();
  expect(() => two.reset()).toThrow("closed");
});

test("a finished environment of a worker is not stepped without autoreset", () => {
  const env = make({ numEnvs: 1, workers: 4, autoreset: "disabled" });
  env.reset({ seed: 1 });
  expect(env.step(["escalate(nobody)"]).flags[0]).toBe(FLAGS.over);
  expect(() => env.step([0])).toThrow("The episode is over.");
  expect(env.step([NO_STEP]).flags[0]).toBe(FLAGS.over | FLAGS.idle);
});
