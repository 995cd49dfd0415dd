import fc from "fast-check";
import { expect, test } from "vitest";
import { html } from "../../plots/html.ts";
import { decimal, labelsFor, percent, plainText } from "../../plots/text.ts";
import { INK, PAPER } from "../../plots/theme.ts";

const anyText = fc.string({ unit: "binary", maxLength: 300 });

test("cleaned text is one well-formed printable line of bounded length, and cleaning again changes nothing", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const clean = plainText(text);
      expect(clean.isWellFormed()).toBe(true);
      expect(clean).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(clean.length).toBeLessThanOrEqual(200);
      expect(plainText(clean)).toBe(clean);
    }),
  );
});

test("the template escapes whatever it is given, in content and in attributes", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const { text: markup } = html`<p title="${text}">${text}</p>`;
      expect(markup).toMatch(/^<p title="[^"<>]*">[^<>]*<\/p>$/);
    }),
  );
});

test("different names get different labels, however alike they begin", () => {
  fc.assert(
    fc.property(fc.uniqueArray(anyText, { maxLength: 8 }), fc.integer({ min: 2, max: 30 }), (names, length) => {
      const labels = labelsFor(names, length);
      expect(new Set(labels.values()).size).toBe(names.length);
    }),
  );
});

test("an absent value is a dash, never 0", () => {
  expect([percent(null), percent(0), percent(0.573)]).toEqual(["–", "0 %", "57 %"]);
  expect([decimal(null), decimal(0), decimal(0.573)]).toEqual(["–", "0.00", "0.57"]);
});

test.each([INK.strong, INK.text, INK.quiet])("text in %s is legible on paper (WCAG AA, 4.5 : 1)", (colour) => {
  expect((luminance(PAPER) + 0.05) / (luminance(colour) + 0.05)).toBeGreaterThanOrEqual(4.5);
});

/** Relative luminance of #rrggbb, as WCAG 2.2 defines it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
