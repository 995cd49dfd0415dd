import type { Estimate } from "../stats/estimate.ts";

/** Stands where there is no value: an absent one is never shown as 0. */
export const ABSENT = "–";

/** `0.52 [0.41, 0.63]`; without the interval where there is none. */
export function interval(estimate: Estimate | undefined, digits = 2): string {
  if (estimate === undefined || estimate.value === null) return ABSENT;
  const { value, lower, upper } = estimate;
  if (lower === null || upper === null) return value.toFixed(digits);
  return `${value.toFixed(digits)} [${lower.toFixed(digits)}, ${upper.toFixed(digits)}]`;
}

/** `0.52` */
export const plain = (estimate: Pick<Estimate, "value"> | undefined, digits = 2): string =>
  decimal(estimate?.value ?? null, digits);

export const decimal = (value: number | null, digits = 2): string => (value === null ? ABSENT : value.toFixed(digits));

/** `57 %` */
export const percent = (share: number | null): string => (share === null ? ABSENT : `${(100 * share).toFixed(0)} %`);

/** `+0.12`, `−0.03` */
export const signed = (value: number | null, digits = 2): string =>
  value === null ? ABSENT : `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;

/** `12,345`, whatever the machine's language is. */
export const grouped = (value: number | null): string =>
  value === null ? ABSENT : `${Math.round(value)}`.replaceAll(/\B(?=(?:\d{3})+$)/g, ",");

/** `0.012`, or `< 0.001`. */
export const pValue = (p: number | null): string => (p === null ? ABSENT : p < 0.001 ? "< 0.001" : p.toFixed(3));

/** `1 task`, `3 tasks` */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;
