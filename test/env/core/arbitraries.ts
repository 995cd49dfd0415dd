import fc from "fast-check";
import { sampleAction } from "../../../env/contract/sample.ts";
import type { Action } from "../../../env/core/actions/index.ts";
import { actionDef } from "../../../env/core/actions/index.ts";
import { rngFor } from "../../../env/core/rng.ts";

/** Any seed that a reset takes. */
export const anySeed = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - 9 });

/** An action that the catalogue accepts, of any kind. */
export const sampledAction = fc.nat().map((seed) => sampleAction(rngFor(seed, "arbitrary", 0)));

/** One that does not close the episode, so that sequences of them get somewhere. */
const openAction = fc.nat().map((seed): Action => {
  const rng = rngFor(seed, "arbitrary", 1);
  for (;;) {
    const action = sampleAction(rng);
    if (actionDef(action.type).kind !== "close") return action;
  }
});

/** Values that no action should ever be, or hold. */
export const oddValues: readonly unknown[] = [
  null,
  true,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -0,
  1e308,
  "",
  "x".repeat(10_000),
  "\u0000\ud800",
  "__proto__",
  [],
  [["cache"]],
  {},
  { toString: "cache" },
  JSON.parse('{"__proto__":{"polluted":true}}'),
];

/** What an agent may send that is no action: other values, other fields, other types of field. */
export const malformedAction: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...oddValues),
  fc.jsonValue(),
  fc.tuple(openAction, fc.constantFrom(...oddValues)).map(([action, odd]) => ({ ...action, service: odd })),
  fc
    .tuple(fc.constantFrom("ttl_s", "nonsense", "__proto__", "constructor"), fc.constantFrom(...oddValues))
    .map(([key, value]) => ({ type: "update_config", service: "cache", key, value })),
  openAction.map((action) => ({ ...action, extra: 1 })),
);

/** What an agent may send, most of it sound: enough for an episode, which may end early. */
export const actionSequence: fc.Arbitrary<readonly unknown[]> = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: openAction },
    { weight: 3, arbitrary: malformedAction },
    { weight: 1, arbitrary: sampledAction },
  ),
  { minLength: 4, maxLength: 26 },
);
