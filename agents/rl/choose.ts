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
