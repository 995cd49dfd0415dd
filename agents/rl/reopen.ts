import { rngFor, wholeNumber } from "../../env/contract/index.ts";
import type { VectorEnv } from "../../env/vector/index.ts";
import { Novelty } from "./novelty.ts";
import type { Policy } from "./policy.ts";
import { playRollout } from "./rollout.ts";
import type { TrainSettings } from "./settings.ts";
import { LAST_TRAINING_SEED } from "./trainer.ts";
import type { Weights } from "./weights.ts";

/**
 * The weights of a policy that finds all faults equally likely again, and closes as readily and with the same services
 * as before: all faults of a service get the logit of the one that it mostly closed with, less their number. A policy
 * that was paid half for the right service with some fault holds on to that fault; this lets it look for the right one.
 */
export function withFaultsReopened(policy: Policy, env: VectorEnv, { seed, horizon }: TrainSettings): Weights {
  const { cells, faultsOf } = policy.layout;
  const { weights } = policy.state();
  const times = timesTaken(policy, env, seed, horizon);
  const [columns, bias] = [weights.cells.slice(), weights.cellBias.slice()];
  for (const group of new Set(faultsOf.filter(({ length }) => length > 0))) {
    const usual = group.reduce((most, cell) => ((times[cell] as number) > (times[most] as number) ? cell : most));
    for (const cell of group) {
      bias[cell] = (weights.cellBias[usual] as number) - Math.log(group.length);
      for (let at = 0; at < columns.length; at += cells) columns[at + cell] = weights.cells[at + usual] as number;
    }
  }
  return { ...weights, cells: columns, cellBias: bias };
}

/** How often a policy takes each cell. */
function timesTaken(policy: Policy, env: VectorEnv, seed: number, horizon: number): Float64Array {
  const draw = rngFor(seed, "episodes", 0);
  const { taken, weights } = playRollout(policy, env, new Novelty(policy.layout.obsDim, env.numEnvs), {
    horizon,
    seeds: Array.from({ length: env.numEnvs }, () => wholeNumber(draw, 0, LAST_TRAINING_SEED)),
    noveltyWeight: 0,
    faultNoise: 0,
    rng: rngFor(seed, "act", 0),
  });
  const times = new Float64Array(policy.layout.cells);
  taken.forEach((cell, row) => (times[cell] = (times[cell] as number) + (weights[row] as number)));
  return times;
}
