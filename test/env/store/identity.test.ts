import { expect, test } from "vitest";
import { episodeId, slotId, variantId } from "../../../env/store/identity.ts";
import type { VariantIdentity } from "../../../env/store/store.ts";
import { aVariant } from "./fixtures.ts";

test("a variant is its fields: null is left out, order means nothing, any difference counts", () => {
  const id = variantId(aVariant("a"));
  expect(variantId({ ...aVariant("a"), model: null, engineName: undefined })).toBe(id);
  expect(variantId(Object.fromEntries(Object.entries(aVariant("a")).toReversed()) as VariantIdentity)).toBe(id);
  expect(variantId({ ...aVariant("a"), hardware: "M3" })).not.toBe(id);
  expect(variantId({ ...aVariant("a"), sampling: { temperature: 0 } })).not.toBe(id);
});

test("slots and attempts differ by each of their parts", () => {
  const slot = { variantId: "v", specHash: "s", seed: 1 };
  const ids = [
    slotId("r", slot),
    slotId("q", slot),
    slotId("r", { ...slot, variantId: "w" }),
    slotId("r", { ...slot, specHash: "t" }),
    slotId("r", { ...slot, seed: 2 }),
    episodeId("s", 1),
    episodeId("s", 2),
    episodeId("t", 1),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  expect(slotId("r", { ...slot, seed: 1 })).toBe(ids[0]);
});
