import seedrandom from "seedrandom";

/** A source of uniform numbers in [0, 1). */
export type Rng = () => number;

/**
 * A generator keyed by what it is for, so that a new draw for one purpose never shifts another.
 * About 1 µs to make: draw at reset and when telemetry is asked for, not in a tick.
 * @param seed instance or session seed, a whole number
 * @param purpose what the draws decide, e.g. "sibling"
 * @param tick 0 for draws made once per episode
 */
export function rngFor(seed: number, purpose: string, tick: number): Rng {
  const next = seedrandom.alea(`${seed}/${purpose}/${tick}`);
  next(); // alea's first draws are correlated between neighbouring keys
  return next;
}

/** Twelve hexadecimal digits that stand for a text: a hash without cryptography, two words of 24 bits. */
export function hashText(text: string): string {
  let high = 0x811c9dc5;
  let low = 0x9747b28c;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x85ebca6b) ^ (low >>> 15);
  }
  return sixDigits(high) + sixDigits(low ^ high);
}

const sixDigits = (word: number): string => (mix(word) >>> 8).toString(16).padStart(6, "0");

/** Uniform in [low, high). */
export const uniform = (rng: Rng, low: number, high: number): number => low + (high - low) * rng();

/** Whole number in [low, high], both included. */
export const wholeNumber = (rng: Rng, low: number, high: number): number => low + Math.floor(rng() * (high - low + 1));

/** One of the items, each equally likely. Throws a RangeError when there is none. */
export function pick<T>(rng: Rng, items: readonly T[]): T {
  if (items.length === 0) throw new RangeError("pick: expected at least one item, got none.");
  return items[Math.floor(rng() * items.length)] as T;
}

/** A shuffled copy (Fisher and Yates). */
export function shuffled<T>(rng: Rng, items: readonly T[]): T[] {
  const copy = [...items];
  for (let i = copy.length - 1; i > 0; i -= 1) {
    const j = Math.floor(rng() * (i + 1));
    const held = copy[i] as T;
    copy[i] = copy[j] as T;
    copy[j] = held;
  }
  return copy;
}

/** Lower-case hexadecimal digits, for opaque ids. */
export function hexDigits(rng: Rng, length: number): string {
  let text = "";
  while (text.length < length) text += Math.floor(rng() * 16).toString(16);
  return text;
}

/**
 * Uniform in [−1, 1) from three whole numbers, without making a generator: display noise is wanted for a hundred
 * values at a time. The mixing is that of MurmurHash3's finaliser, applied after each word.
 */
export function hashNoise(key: number, tick: number, row: number): number {
  let h = mix(key ^ Math.imul(tick + 1, 0x9e3779b1));
  h = mix(h ^ Math.imul(row + 1, 0x85ebca77));
  return (h >>> 0) / 2_147_483_648 - 1;
}

function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
