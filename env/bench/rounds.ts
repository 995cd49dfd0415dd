import type { BenchResult, Measured } from "./result.ts";

/** One side of a comparison: runs once and returns a figure. */
export type Side = () => number | Promise<number>;

export interface Comparison {
  readonly id: string;
  readonly title: string;
  readonly target: string;
  readonly bound: string;
  readonly unit: string;
  readonly baseline: { readonly name: string; readonly run: Side };
  readonly ours: { readonly name: string; readonly run: Side };
}

const ROUNDS = 7;
const WARM_UP_MS = 2000;

/** Runs both sides in turn (A B A B …) and gives the median figures, their median ratio and its spread. */
export async function compare({ id, title, target, bound, unit, baseline, ours }: Comparison): Promise<BenchResult> {
  await warmUp(baseline.run);
  await warmUp(ours.run);
  const a: number[] = [];
  const b: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    a.push(await baseline.run());
    b.push(await ours.run());
  }
  const ratios = b.map((value, i) => value / (a[i] as number)).toSorted((x, y) => x - y);
  const measured = (name: string, values: readonly number[]): Measured => ({ name, value: median(values), unit });
  return {
    id,
    title,
    target,
    bound,
    baseline: measured(baseline.name, a),
    ours: measured(ours.name, b),
    ratio: median(ratios),
    spread: `${(ratios[0] as number).toPrecision(3)}–${(ratios.at(-1) as number).toPrecision(3)}`,
  };
}

/** Runs a side without counting until the compiler has had its time. */
async function warmUp(run: Side): Promise<void> {
  const end = performance.now() + WARM_UP_MS;
  do await run();
  while (performance.now() < end);
}

export const median = (values: readonly number[]): number =>
  values.toSorted((x, y) => x - y)[values.length >> 1] as number;

/** Nanoseconds per call of `body`, called `count` times. */
export function nanoseconds(count: number, body: (i: number) => void): number {
  const began = process.hrtime.bigint();
  for (let i = 0; i < count; i += 1) body(i);
  return Number(process.hrtime.bigint() - began) / count;
}
