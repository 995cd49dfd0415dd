import type { Rollout } from "./rollout.ts";

/**
 * Generalised advantage estimates and the returns that they imply. The step budget is part of the observation, so an
 * episode that used it up has ended like any other: nothing is expected beyond it.
 * @returns advantages with mean 0 and deviation 1 over the steps that count
 * Source: Schulman et al., "High-dimensional continuous control using generalized advantage estimation" (2016).
 */
export function advantagesOf(
  { values, rewards, ended, weights, lastValues }: Rollout,
  gamma: number,
  lambda: number,
): { readonly advantages: Float32Array; readonly returns: Float32Array } {
  const envs = lastValues.length;
  const advantages = new Float32Array(values.length);
  const returns = new Float32Array(values.length);
  for (let i = 0; i < envs; i += 1) {
    let ahead = 0;
    let valueAhead = lastValues[i] as number;
    for (let row = values.length - envs + i; row >= 0; row -= envs) {
      const goesOn = ended[row] === 1 ? 0 : 1;
      const value = values[row] as number;
      const error = (rewards[row] as number) + gamma * goesOn * valueAhead - value;
      ahead = error + gamma * lambda * goesOn * ahead;
      advantages[row] = ahead;
      returns[row] = ahead + value;
      valueAhead = value;
    }
  }
  return { advantages: standardised(advantages, weights), returns };
}

function standardised(values: Float32Array, weights: Float32Array): Float32Array {
  let [count, sum, squares] = [0, 0, 0];
  values.forEach((value, i) => {
    const weight = weights[i] as number;
    count += weight;
    sum += weight * value;
    squares += weight * value * value;
  });
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
  return values.map((value) => (value - mean) / (deviation + 1e-8));
}
