import { expect, test } from "vitest";
import { hashNoise, hashText, rngFor } from "../../../env/core/rng.ts";

/** Stable, not claimed right: a dependency that drew otherwise would change every trajectory. */
test("generators, noise and ids give what they always gave", () => {
  const rng = rngFor(1_000_003, "names", 12);
  expect([rng(), rng(), rng()]).toMatchInlineSnapshot(`
    [
      0.0378547883592546,
      0.2125091499183327,
      0.5965276751667261,
    ]
  `);
  expect([hashNoise(77, 3, 5), hashNoise(0, 0, 0), hashNoise(0x7fffffff, 99, 130)]).toMatchInlineSnapshot(`
    [
      0.5831066016107798,
      -0.5739481961354613,
      0.34568778285756707,
    ]
  `);
  expect([hashText(""), hashText("page"), hashText("Übergröße")]).toMatchInlineSnapshot(`
    [
      "ab3e7c981a07",
      "443010081be6",
      "dc03c95b4e1e",
    ]
  `);
});
