/** Something to be classified: tokens in any order, and the answer where it is known. */
export interface Sample {
  readonly tokens: readonly string[];
  readonly answer: string;
}

/** A token that came less often is chance. */
const RARE = 5;
/** Weight of a token that an answer never came with, as a share of one sighting. */
const SMOOTHING = 0.1;

/**
 * Multinomial naive Bayes over bags of words. What was learnt can be forgotten again, so that one model serves many
 * ways to leave something out.
 */
export class NaiveBayes {
  /** Per token, how often each answer came with it. */
  readonly #counts = new Map<string, number[]>();
  readonly #answers: string[] = [];
  readonly #samples: number[] = [];
  readonly #tokens: number[] = [];

  learn(sample: Sample): void {
    this.#add(sample, 1);
  }

  forget(sample: Sample): void {
    this.#add(sample, -1);
  }

  /** The likeliest answer. Throws when nothing was learnt. */
  predict(tokens: readonly string[]): string {
    const words = this.#counts.size * SMOOTHING;
    const scores = this.#samples.map((seen, i) =>
      seen > 0 ? Math.log(seen) - tokens.length * Math.log((this.#tokens[i] as number) + words) : -Infinity,
    );
    for (const token of tokens) {
      const counts = this.#counts.get(token);
      if (counts === undefined || counts.reduce((sum, count) => sum + count, 0) < RARE) continue;
      for (let i = 0; i < scores.length; i += 1) {
        (scores[i] as number) += Math.log((counts[i] ?? 0) + SMOOTHING) - LOG_SMOOTHING;
      }
    }
    const best = Math.max(...scores);
    if (best === -Infinity) throw new Error("Nothing was learnt.");
    return this.#answers[scores.indexOf(best)] as string;
  }

  #add({ tokens, answer }: Sample, weight: 1 | -1): void {
    let i = this.#answers.indexOf(answer);
    if (i < 0) {
      i = this.#answers.push(answer) - 1;
      this.#samples.push(0);
      this.#tokens.push(0);
    }
    (this.#samples[i] as number) += weight;
    (this.#tokens[i] as number) += weight * tokens.length;
    for (const token of tokens) {
      let counts = this.#counts.get(token);
      if (counts === undefined) this.#counts.set(token, (counts = []));
      counts[i] = (counts[i] ?? 0) + weight;
    }
  }
}

const LOG_SMOOTHING = Math.log(SMOOTHING);

/** A point with a known answer. */
export interface Point {
  readonly at: readonly number[];
  readonly answer: string;
}

/** Neighbours that vote. */
const NEIGHBOURS = 15;

/** The answer that most of the nearest points have; for numbers that lie close without being equal. */
export function nearest(points: readonly Point[], at: readonly number[]): string {
  const best: { distance: number; answer: string }[] = [];
  for (const point of points) {
    let distance = 0;
    for (let i = 0; i < at.length; i += 1) distance += Math.abs((point.at[i] as number) - (at[i] as number));
    if (best.length === NEIGHBOURS && distance >= (best.at(-1) as { distance: number }).distance) continue;
    const place = best.findIndex((other) => other.distance > distance);
    best.splice(place < 0 ? best.length : place, 0, { distance, answer: point.answer });
    if (best.length > NEIGHBOURS) best.pop();
  }
  return commonest(best.map(({ answer }) => answer));
}

/** The commonest answer: the best constant one. Throws when there is none. */
export function commonest(answers: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  const [first] = [...counts].toSorted((a, b) => b[1] - a[1]);
  if (first === undefined) throw new Error("There are no answers.");
  return first[0];
}

/** A value on a scale on which factors are distances: twice as much is one further, nothing is far away. */
export const onLogScale = (value: number): number => Math.sign(value) * Math.log2(1 + Math.abs(value) * 1e6);

/** Steps of the scale that fall into one bucket. */
const BUCKET = 0.5;

/** Every leaf of plain data as tokens under its path: words of text, numbers both as they are and in buckets. */
export function tokensOf(data: unknown, path = ""): string[] {
  if (typeof data === "number") {
    return [`${path}=${data}`, `${path}~${Math.round(onLogScale(data) / BUCKET)}`];
  }
  if (typeof data === "string") return data.split(/[\s,;:]+/).map((word) => `${path}:${word}`);
  if (typeof data !== "object" || data === null) return [`${path}=${String(data)}`];
  if (Array.isArray(data)) return data.flatMap((item) => tokensOf(item, path));
  return Object.entries(data).flatMap(([key, value]) => tokensOf(value, `${path}.${key}`));
}
