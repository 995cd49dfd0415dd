import type { PublicKey } from "../../contract/config-keys.ts";
import type { ConfigValue } from "../../core/services/keys.ts";
import { isWritable, KEYS } from "../keys.ts";
import type { KeyEntry } from "../keys.ts";
import type { Reference } from "./references.ts";

/** A value that a discrete action sets a key to: fixed, or read off what was shown. */
export type Candidate = { readonly value: ConfigValue } | { readonly from: Reference };

/** Positions of an inventory that actions can name; no inventory is longer. */
export const LISTED_NAMES = 3;

/** What operators do to a number: halve it or double it, up to three times. */
const FACTORS = [1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8];
/** Halvings of the range of a number whose default, 0, has no multiples. */
const HALVINGS = 9;

/** The values worth setting a key to, from its entry in the manual alone; the first are the manual's own. */
export function candidatesFor(entry: KeyEntry): readonly Candidate[] {
  if (!isWritable(entry)) return [];
  return [...fixedValues(entry.def).map((value) => ({ value })), ...shownValues(entry).map((from) => ({ from }))];
}

function fixedValues(def: PublicKey): readonly ConfigValue[] {
  switch (def.kind) {
    case "number":
      return numbers(def);
    case "flag":
      return [def.default, !def.default];
    case "choice":
      return [def.default, ...(def.choices ?? []).filter((choice) => choice !== def.default)];
    case "name":
      return def.of === "host" ? [def.default] : []; // other names differ from episode to episode
  }
}

/** The default, its multiples, and the low end of the range where that means "off" or "none". */
function numbers({ default: standard, min = 0, max = 0 }: PublicKey): readonly number[] {
  const usual = Number(standard);
  const multiples =
    usual > 0 ? FACTORS.map((factor) => usual * factor) : Array.from({ length: HALVINGS }, (_, k) => max / (1 << k));
  const inRange = multiples.map((value) => Math.max(1, min, Math.min(max, Math.round(value))));
  const off = min <= 0 ? [min] : [];
  return [...new Set([usual, ...off, ...inRange.toSorted((a, b) => a - b)])];
}

/** What it was before, what the inventory holds, and what the other key says that must agree with it. */
function shownValues({ index, def }: KeyEntry): readonly Reference[] {
  const before: Reference = { of: "before", key: index };
  if (def.of === "certificate" || def.of === "release") {
    const listed = Array.from({ length: LISTED_NAMES }, (_, at) => ({ of: "listed", key: index, at }) as const);
    return [before, ...listed];
  }
  const others = def.of === "token" ? KEYS.filter((one) => one.def.of === "token" && one.index !== index) : [];
  return [before, ...others.map((one) => ({ of: "value", key: one.index }) as const)];
}
