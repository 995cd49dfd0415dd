/** One number of an observation. */
export interface Feature {
  readonly name: string;
  /** Bounds that are never left. */
  readonly low: number;
  readonly high: number;
}

/** Collects the features of all sections, in order. */
export class Layout {
  readonly features: Feature[] = [];

  /** @returns the position of the new feature */
  add(name: string, low: number, high: number): number {
    return this.features.push({ name, low, high }) - 1;
  }
}
