import type { VariantRecord } from "../../env/store/store.ts";
import type { Entry } from "../report/entry.ts";

/** What two variants may differ in, and the columns that make it up. */
export const ASPECTS = {
  harness: ["harness", "harnessVersion", "promptSha256"],
  prompt: ["promptSha256"],
  model: ["model", "modelVersion", "provider", "baseUrlHost", "contextTokens"],
  engine: ["engineName", "engineVersion", "baseUrlHost"],
  hardware: ["hardware", "baseUrlHost"],
  quantization: ["quantization", "baseUrlHost"],
} as const satisfies Record<string, readonly (keyof VariantRecord)[]>;
export type Aspect = keyof typeof ASPECTS;

/** Pairs of entries that differ in that aspect and in nothing else: the same model in two harnesses, and so on. */
export function pairsDifferingIn(entries: readonly Entry[], aspect: Aspect): [Entry, Entry][] {
  const free: readonly string[] = [...ASPECTS[aspect], "variantId", "label", "kind"];
  const fixed = ({ variant }: Entry): string =>
    JSON.stringify(Object.entries(variant).filter(([column]) => !free.includes(column)));
  const differ = (a: Entry, b: Entry): boolean =>
    ASPECTS[aspect].some((column) => a.variant[column] !== b.variant[column]);
  return entries.flatMap((a, i) =>
    entries
      .slice(i + 1)
      .filter((b) => a.run.runId === b.run.runId && fixed(a) === fixed(b) && differ(a, b))
      .map((b): [Entry, Entry] => [a, b]),
  );
}
