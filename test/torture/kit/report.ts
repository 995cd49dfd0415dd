/** A figure that depends on the machine, with what it should be. */
export interface Aim {
  readonly value: number;
  readonly target: number;
  /** Whether the target is the most or the least that is wanted. */
  readonly is: "at most" | "at least";
}

export interface Findings {
  readonly bar: string;
  readonly seed: number;
  /** Sizes and whatever else helps to judge the run. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Counts that decide: none may be other than 0. */
  readonly zero: Readonly<Record<string, number>>;
  /** Counts that must be met exactly: found, wanted. */
  readonly exactly?: Readonly<Record<string, readonly [found: number, wanted: number]>>;
  /** Counts without which the run says too little: found, least. */
  readonly atLeast?: Readonly<Record<string, readonly [found: number, least: number]>>;
  readonly aims?: Readonly<Record<string, Aim>>;
}

export const atMost = (value: number, target: number): Aim => ({ value, target, is: "at most" });
export const atLeast = (value: number, target: number): Aim => ({ value, target, is: "at least" });

/** How far from its target a latency, rate or size may be before it fails: machines are noisy. */
const NOISE = 4;

/** Prints the one line of JSON of a bar, and on stderr what is wrong; the exit code says whether the bar is met. */
export function report({ bar, seed, facts = {}, zero, exactly = {}, atLeast: least = {}, aims = {} }: Findings): void {
  const missed = [
    ...Object.entries(zero).flatMap(([name, count]) => (count === 0 ? [] : [`${name}: ${count}, expected 0`])),
    ...Object.entries(exactly).flatMap(([name, [found, wanted]]) =>
      found === wanted ? [] : [`${name}: ${found}, expected ${wanted}`],
    ),
    ...Object.entries(least).flatMap(([name, [found, wanted]]) =>
      found >= wanted ? [] : [`${name}: ${found}, expected at least ${wanted}`],
    ),
    ...Object.entries(aims).flatMap(([name, aim]) =>
      isNear(aim) ? [] : [`${name}: ${rounded(aim.value)}, far from the target, ${aim.is} ${rounded(aim.target)}`],
    ),
  ];
  for (const line of missed) process.stderr.write(`${bar}: ${line}\n`);
  const shown = Object.entries(aims).map(([name, { value, target, is }]) => [
    name,
    { value: rounded(value), target: `${is} ${rounded(target)}` },
  ]);
  const found = [...Object.entries(exactly), ...Object.entries(least)].map(([name, [count]]) => [name, count]);
  const counts = { ...zero, ...(Object.fromEntries(found) as Record<string, number>) };
  process.stdout.write(
    `${JSON.stringify({ bar, seed, ...facts, ...counts, ...Object.fromEntries(shown), met: missed.length === 0 })}\n`,
  );
  process.exitCode = missed.length === 0 ? 0 : 1;
}

/** Says what is missing, so that nobody takes the bar for met, and ends the process. */
export function notRun(bar: string, missing: string): never {
  process.stdout.write(`${JSON.stringify({ bar, met: false, not_run: missing })}\n`);
  process.stderr.write(`${bar}: NOT RUN: ${missing}\n`);
  process.exit(1);
}

/** Not a number, where nothing was measured, is near nothing. */
const isNear = ({ value, target, is }: Aim): boolean =>
  is === "at most" ? value <= target * NOISE : value >= target / NOISE;

const rounded = (value: number): number => Number(value.toPrecision(4));
