import { pick, rngFor, wholeNumber } from "../../../env/core/rng.ts";

/** What strangers and models put into names to make a reader's program do something. */
export const HOSTILE = [
  "=1+1",
  "+1",
  "-1+cmd|' /C calc'!A0",
  "@SUM(1)",
  "\t=1+1",
  "\r=1+1",
  "\0=1+1",
  "＝1+1",
  '=HYPERLINK("https://evil.test","x")',
  "=cmd|'/C calc'!A0",
  'a,"b",c',
  "two\nlines\r\nthree",
  " leading and trailing ",
  "'quoted",
  "\u001b[2J\u001b[31mred",
  "\u001b]0;owned\u0007",
  "\u009b31m",
  "back\b\b\bspace",
  "over\rwritten",
  "\u202eright to left",
  "\u2066isolated\u2069",
  "zero\u200bwidth\ufeff",
  "line\u2028separator\u2029",
  "null\u0000byte",
  "<script>document.title='owned'</script>",
  "<img src=x onerror=alert(1)>",
  "</title></style></textarea><svg onload=alert(1)>",
  "[link](javascript:alert(1))",
  "![image](https://evil.test/x.png)",
  "| a | b |",
  "`code` ``more`` ```",
  "https://evil.test @everyone #1",
  "<!-- comment -->",
  "\\| escaped",
  "{{7*7}} ${alert(1)}",
  "$(rm -rf ~)",
  "'; DROP TABLE run; --",
  "__proto__",
  "constructor",
  "../../etc/passwd",
  "\u{e0041}\u{e0042} tags",
  "🙂 fine",
  "",
] as const;

/** `n` payloads: those above, and random mixtures of them. */
export function payloads(n: number): string[] {
  const rng = rngFor(20, "payloads", 0);
  const mixed = Array.from({ length: Math.max(0, n - HOSTILE.length) }, () =>
    Array.from({ length: wholeNumber(rng, 1, 3) }, () => pick(rng, HOSTILE)).join(pick(rng, ["", " ", ",", "\n", "="])),
  );
  return [...HOSTILE, ...mixed].slice(0, n);
}

/** Everything that a terminal could act on, but for the end of a line and a tab. */
export const ACTS_ON_A_TERMINAL = /[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}]|\p{Cs}/u;
