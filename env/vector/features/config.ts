import type { ConfigValue } from "../../core/services/keys.ts";
import type { ShownValues } from "../actions/references.ts";
import { isWritable, KEYS } from "../keys.ts";
import type { KeyEntry } from "../keys.ts";
import type { Layout } from "./layout.ts";
import { clamp, log2 } from "./scale.ts";

/** Doublings off the default that count as far. */
const DEVIATION_SPAN = 10;
/** Doublings of a revision's age in minutes until it counts as old: some 45 days. */
const AGE_SPAN = 16;
const OLDEST = 0.1;
/** A history that was asked for and is empty. */
const NO_REVISION = 0.05;

/** Features of each key that can be set, in order. */
const [DEVIATION, REVISION, SET] = [0, 1, 2] as const;

/** How each key stands against the manual, when and which way it was last revised, and whether it was set here. */
export class ConfigFeatures {
  /** Where the features of each key begin; −1 for a key that cannot be set. */
  readonly #slots: readonly number[];

  constructor(layout: Layout) {
    this.#slots = KEYS.map((entry) => (isWritable(entry) ? addKey(layout, entry) : -1));
  }

  /** A key's value was shown, or the names that it is judged by. */
  writeValue(row: Float32Array, key: number, shown: ShownValues): void {
    const slot = this.#slots[key] as number;
    const value = shown.value(key);
    if (slot >= 0 && value !== undefined) row[slot + DEVIATION] = deviation(KEYS[key] as KeyEntry, value, shown);
  }

  /** @param ageSeconds how long before the page; negative for what was set since */
  writeRevision(row: Float32Array, key: number, ageSeconds: number, from: ConfigValue, to: ConfigValue): void {
    const slot = this.#slots[key] as number;
    if (slot < 0) return;
    const recency = ageSeconds <= 0 ? 1 : clamp(1 - log2(1 + ageSeconds / 60) / AGE_SPAN, OLDEST, 1);
    row[slot + REVISION] = to < from ? -recency : recency;
  }

  writeNoRevision(row: Float32Array, key: number): void {
    const slot = this.#slots[key] as number;
    if (slot >= 0) row[slot + REVISION] = NO_REVISION;
  }

  /** The agent set the key. */
  writeSet(row: Float32Array, key: number): void {
    const slot = this.#slots[key] as number;
    if (slot >= 0) row[slot + SET] = 1;
  }
}

function addKey(layout: Layout, { service, key }: KeyEntry): number {
  const slot = layout.add(`config.${service}.${key}.deviation`, -1, 1);
  layout.add(`config.${service}.${key}.revision`, -1, 1);
  layout.add(`config.${service}.${key}.set`, 0, 1);
  return slot;
}

/** Numbers by doublings, positions by whether they differ, names by what the agent can compare them with. */
function deviation({ index, def }: KeyEntry, value: ConfigValue, shown: ShownValues): number {
  if (def.kind === "number") {
    const doublings = log2(1 + Math.max(0, Number(value))) - log2(1 + Math.max(0, Number(def.default)));
    return clamp(doublings / DEVIATION_SPAN, -1, 1);
  }
  if (def.of === "certificate" || def.of === "release") {
    return distanceFromNewest(shown.listed(index), String(value));
  }
  if (def.of !== "token") return value === def.default ? 0 : 1;
  return KEYS.some((other) => other.def.of === "token" && differs(shown.value(other.index), value)) ? 1 : 0;
}

const differs = (other: ConfigValue | undefined, value: ConfigValue): boolean => other !== undefined && other !== value;

/** 0 for the last of a list, 1 for the first and for what is not in it. */
function distanceFromNewest(listed: readonly string[], name: string): number {
  const at = listed.indexOf(name);
  if (at < 0) return 1;
  return listed.length < 2 ? 0 : (listed.length - 1 - at) / (listed.length - 1);
}
