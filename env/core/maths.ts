/**
 * Portable maths: built from + - * / and comparisons only, because the last bits of Math.exp, log and pow differ
 * between Node versions and processors. Relative error below 1e-13 on the ranges the world uses (tested).
 */

const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const INVERSE_LN2 = Math.LOG2E;
const SQRT_HALF = Math.SQRT1_2;

/** 2^k for k = −1022 … 1023, by repeated doubling: exact. */
const POWERS_OF_TWO = (() => {
  const powers = new Float64Array(2046);
  powers[1022] = 1;
  for (let k = 1; k <= 1023; k += 1) powers[1022 + k] = 2 * (powers[1021 + k] as number);
  for (let k = 1; k <= 1022; k += 1) powers[1022 - k] = (powers[1023 - k] as number) / 2;
  return powers;
})();

/**
 * e^x. Arguments are clamped to ±700, inside the range of a double.
 * Range reduction to |r| ≤ ln 2 / 2, then the rational form of fdlibm (Sun Microsystems, 1993) with its minimax
 * coefficients: below one unit in the last place.
 */
export function exp(x: number): number {
  const clamped = x > 700 ? 700 : x < -700 ? -700 : x;
  const k = Math.floor(clamped * INVERSE_LN2 + 0.5);
  const high = clamped - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 +
            t * (6.61375632143793436117e-5 + t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))));
  return (1 - (low - (r * c) / (2 - c) - high)) * (POWERS_OF_TWO[k + 1022] as number);
}

/**
 * Natural logarithm. 0 gives −Infinity, negative values NaN.
 * Scaling to [√½, √2), then 2 atanh(f / (2 + f)) with the minimax coefficients of fdlibm.
 */
export function ln(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return Infinity;
  let mantissa = x;
  let k = 0;
  while (mantissa >= 2 * SQRT_HALF) {
    mantissa /= 2;
    k += 1;
  }
  while (mantissa < SQRT_HALF) {
    mantissa *= 2;
    k -= 1;
  }
  const f = mantissa - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const odd =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const half = 0.5 * f * f;
  return k * LN2_HIGH - (half - (s * (half + even + odd) + k * LN2_LOW) - f);
}

/** x^y for x ≥ 0. */
export function pow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (x === 0) return 0;
  return exp(y * ln(x));
}

/** x^n for a small whole n ≥ 0, by multiplication. */
export function intPow(x: number, n: number): number {
  let result = 1;
  for (let i = 0; i < n; i += 1) result *= x;
  return result;
}

export const clamp = (x: number, low: number, high: number): number => (x < low ? low : x > high ? high : x);

/** Rounds to nine decimals: what a tick carries to the next, so that a vanishing value becomes zero. */
export const round9 = (x: number): number => Math.round(x * 1e9) / 1e9;

/** Three significant digits, for display: 0.93847 → 0.938, 1234 → 1230. Below 1e-9 it shows as zero. */
export function significant(x: number): number {
  const size = x < 0 ? -x : x;
  if (!(size >= 1e-9)) return 0;
  if (size >= 1000) {
    let unit = 10;
    while (size >= unit * 1000) unit *= 10;
    return Math.round(x / unit) * unit;
  }
  let scaleUp = 1; // a power of ten up to 1e11: exact in a double
  while (size * scaleUp < 100) scaleUp *= 10;
  return Math.round(x * scaleUp) / scaleUp;
}
