import { describe, expect, test } from "vitest";
import { ResumeTokens } from "../../../env/session/resume-tokens.ts";

describe("the tokens of a session", () => {
  test("are good once: the next one voids the last", () => {
    const tokens = new ResumeTokens();
    const first = tokens.renew();
    expect(tokens.accept(first, false)).toBe(true);
    const second = tokens.renew();
    expect([first, second].map((token) => tokens.accept(token, false))).toEqual([false, true]);
    tokens.confirm();
    expect([first, second].map((token) => tokens.accept(token, true))).toEqual([false, true]);
  });

  test("whose successor was lost on the way are good again, while nobody is there who may have it", () => {
    const tokens = new ResumeTokens();
    const first = tokens.renew();
    for (let i = 0; i < 3; i += 1) {
      expect(tokens.accept(first, true)).toBe(true);
      tokens.renew(); // never arrives
      expect(tokens.accept(first, false)).toBe(false);
    }
    tokens.accept(first, true);
    const last = tokens.renew();
    expect(tokens.confirm()).toBe(true);
    expect(tokens.confirm()).toBe(false);
    expect([first, last].map((token) => tokens.accept(token, true))).toEqual([false, true]);
  });

  test("are kept as hashes, which are enough to go on from", () => {
    const tokens = new ResumeTokens();
    expect(tokens.hashes).toEqual([]);
    const [first, second] = [tokens.renew(), tokens.renew()];
    const kept = new ResumeTokens(tokens.hashes);
    expect(JSON.stringify(tokens.hashes)).not.toContain(first);
    expect([first, second, "other", ""].map((token) => kept.accept(token, true))).toEqual([true, true, false, false]);
  });

  test("that were never given out open nothing", () => {
    const tokens = new ResumeTokens();
    expect(["", "null", "undefined"].map((token) => tokens.accept(token, true))).toEqual([false, false, false]);
  });
});
