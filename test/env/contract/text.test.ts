import { describe, expect, test } from "vitest";
import { clipped, LONGEST_OBSERVATION_TEXT } from "../../../env/contract/text.ts";
import { Session } from "../../../env/session/session.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { crawl } from "./crawl.ts";

const bytes = (text: string) => Buffer.byteLength(text);

describe("an observation as text", () => {
  test("says when, what was done, the page, the panel and what is left", () => {
    const session = new Session(coreSuite);
    session.reset({ seed: 7, task_id: "inc-117" });
    const { observation } = session.step("check_status(cache)");
    const { alert, clock } = observation;
    const lines = observation.text?.split("\n") ?? [];
    expect(lines[0]).toBe(`[${clock.now.slice(11, 19)}] check_status(cache): ${observation.result.message}`);
    expect(lines[1]).toBe(`PAGE ${alert.fired_at.slice(0, 10)} ${alert.fired_at.slice(11, 19)} ${alert.summary}`);
    expect(lines[2]).toMatch(/^missed: .*availability_ratio [\d.]+ \(>= 0\.995\)/);
    expect(lines[3]).toMatch(/^met: .*queue_age_s [\d.]+ \(<= 120\)/);
    expect(lines[4]).toBe("left: 13 steps, 3 changes");
    expect(lines[5]).toMatch(/^state up, up \d+ s, version/);
  });

  test("metrics are aligned columns, units last", () => {
    const session = new Session(coreSuite);
    session.reset({ seed: 7, task_id: "inc-117" });
    const { text = "", result } = session.step("inspect_metrics(cache)").observation;
    const [head, ...rows] = text.split("\n").slice(5);
    expect(head).toBe("columns: now, 5m, 30m, yesterday");
    const units = result.data?.kind === "metrics" ? result.data.rows.map(([, unit]) => unit) : [];
    const table = rows.map((row, i) => row.slice(0, row.length - (units[i]?.length ?? 0)));
    expect(new Set(table.map(({ length }) => length)).size).toBe(1);
  });

  test("never exceeds 4 KiB in a random crawl, and leaves nothing out", () => {
    for (const { text = "", result } of crawl(60)) {
      expect(bytes(text)).toBeLessThanOrEqual(LONGEST_OBSERVATION_TEXT);
      expect(text).not.toContain("more lines are left out");
      if (result.data?.kind !== "metrics") continue;
      const rows = result.data.rows.map((row) => [row[0], ...row.slice(2), row[1]].join(" "));
      expect(text.replaceAll(/ +/g, " ")).toContain(rows.join("\n"));
    }
  });

  test.for(["x", "ß", "→", "𝄞"])("a text of %s is cut at whole lines and says how many are missing", (char) => {
    const line = char.repeat(20);
    const long = Array.from({ length: 300 }, () => line).join("\n");
    const cut = clipped(long);
    const kept = cut.split("\n");
    expect(bytes(cut)).toBeLessThanOrEqual(LONGEST_OBSERVATION_TEXT);
    expect(bytes(cut)).toBeGreaterThan(LONGEST_OBSERVATION_TEXT - bytes(line) - 10);
    expect(kept.pop()).toBe(`(${300 - kept.length} more lines are left out)`);
    expect(kept.every((one) => one === line)).toBe(true);
  });

  test.for([
    [LONGEST_OBSERVATION_TEXT - 1, true],
    [LONGEST_OBSERVATION_TEXT, true],
    [LONGEST_OBSERVATION_TEXT + 1, false],
  ] as const)("of %i bytes it stays whole: %s", ([length, whole]) => {
    const text = `${"x".repeat(length - 2)}\ny`;
    expect(clipped(text) === text).toBe(whole);
  });
});
