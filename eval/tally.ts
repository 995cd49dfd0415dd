/** Counts values by key. Of equal counts, what came first comes first. */
export class Tally {
  readonly #counts = new Map<string, Map<string, number>>();

  add(key: string, value: string, times = 1): void {
    const values = this.#counts.get(key) ?? new Map<string, number>();
    this.#counts.set(key, values);
    values.set(value, (values.get(value) ?? 0) + times);
  }

  /** In the order in which they came. */
  keys(): string[] {
    return [...this.#counts.keys()];
  }

  /** The keys, the commonest first. */
  commonestKeys(): string[] {
    const total = (key: string): number => this.#values(key).reduce((sum, [, times]) => sum + times, 0);
    return this.keys().toSorted((a, b) => total(b) - total(a));
  }

  /** The values of a key, the commonest first. */
  commonest(key: string): string[] {
    return this.#values(key)
      .toSorted(([, a], [, b]) => b - a)
      .map(([value]) => value);
  }

  #values(key: string): [value: string, times: number][] {
    return [...(this.#counts.get(key) ?? [])];
  }
}
