/** A cell, and the log of the probability with which it is chosen. */
export interface Choice {
  readonly cell: number;
  readonly logProb: number;
}

/**
 * Draws a cell from the softmax over those that are allowed.
 * @param at where the row begins in logits and masks
 * @param u uniform in [0, 1)
 */
export function drawCell(logits: Float32Array, masks: Float32Array, at: number, cells: number, u: number): Choice {
  const highest = logits[at + likeliestCell(logits, masks, at, cells)] as number;
  let whole = 0;
  for (let i = at; i < at + cells; i += 1) if (masks[i] !== 0) whole += Math.exp((logits[i] as number) - highest);
  let left = u * whole;
  let last = -1;
  for (let i = at; i < at + cells; i += 1) {
    if (masks[i] === 0) continue;
    last = i;
    left -= Math.exp((logits[i] as number) - highest);
    if (left < 0) break;
  }
  return { cell: last - at, logProb: (logits[last] as number) - highest - Math.log(whole) };
}

/** The allowed cell with the highest logit, the first of equals. At least one must be allowed. */
export function likeliestCell(logits: Float32Array, masks: Float32Array, at: number, cells: number): number {
  let best = -1;
  for (let i = at; i < at + cells; i += 1) {
    if (masks[i] !== 0 && (best < 0 || (logits[i] as number) > (logits[best] as number))) best = i;
  }
  return best - at;
}

/** Log probability of a cell that is allowed. */
export function logProbOf(logits: Float32Array, masks: Float32Array, at: number, cells: number, cell: number): number {
  const highest = logits[at + likeliestCell(logits, masks, at, cells)] as number;
  let whole = 0;
  for (let i = at; i < at + cells; i += 1) if (masks[i] !== 0) whole += Math.exp((logits[i] as number) - highest);
  return (logits[at + cell] as number) - highest - Math.log(whole);
}

/**
 * Now and then exchanges what was drawn for one of its like, all equally likely.
 * @param alike cells that may stand for one another, the drawn one among them; all must be allowed
 * @param share how often
 * @returns the log probability that includes the exchange
 */
export function exchanged(
  { cell, logProb }: Choice,
  alike: readonly number[],
  logits: Float32Array,
  at: number,
  share: number,
  rng: () => number,
): Choice {
  const normaliser = (logits[at + cell] as number) - logProb;
  const probability = (of: number): number => Math.exp((logits[at + of] as number) - normaliser);
  const taken = rng() < share ? (alike[Math.floor(rng() * alike.length)] as number) : cell;
  const together = alike.reduce((sum, of) => sum + probability(of), 0);
  return { cell: taken, logProb: Math.log((1 - share) * probability(taken) + (share * together) / alike.length) };
}
