import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Browser, Page } from "playwright-core";
import type { ReportInput } from "../../plots/data.ts";
import { renderReport } from "../../plots/report.ts";
import { findChromium, startChromium } from "./chromium.ts";
import { payloads } from "../eval/export/payloads.ts";
import { hostileReport, reportOf } from "./hostile.ts";
import { reportInput } from "./recorded-run.ts";

const path = findChromium();

describe.skipIf(path === null)("in a real browser", () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    browser = await startChromium(path ?? "");
    folder = await mkdtemp(join(tmpdir(), "oncall-report-"));
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  test.each([
    { name: "recorded", input: reportInput },
    { name: "hostile", input: hostileReport },
    { name: "hostile (300 texts, each in every kind of place)", input: reportOf(payloads(300)) },
  ])("the $name report asks for nothing, runs nothing and breaks no policy", async ({ name, input }) => {
    const { page, requests, complaints } = await open(name, input);
    expect(requests).toEqual([]);
    expect(complaints).toEqual([]);
    expect(await page.title()).not.toBe("owned");
    expect(await page.evaluate(NOT_OURS)).toEqual([]);
    await page.close();
  });

  test("the page never scrolls sideways, on a desk or on a phone", async () => {
    const { page } = await open("width", hostileReport);
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    }
    await page.close();
  });

  test("no text of a figure is cut off at the figure's edge, and no labels of a figure's rows collide", async () => {
    const { page } = await open("clipping", reportInput);
    expect(await page.evaluate(OUTSIDE_ITS_FIGURE)).toEqual([]);
    expect(await page.evaluate(OVERLAPPING_LABELS)).toEqual([]);
    await page.close();
  });

  /** Opens a report from a file, and collects every request but the page's own, every dialog and every complaint. */
  async function open(name: string, input: ReportInput) {
    const file = join(folder, `${name.replaceAll(/\W/g, "-")}.html`);
    await writeFile(file, await renderReport(input));
    const page: Page = await browser.newPage();
    const url = pathToFileURL(file).href;
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => {
      if (request.url() !== url) requests.push(request.url());
    });
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(url, { waitUntil: "load" });
    return { page, requests, complaints };
  }
});

/** Elements that our templates and figures never write, and attributes that act or lead away. */
const NOT_OURS = `[...document.querySelectorAll("*")].flatMap((element) => {
  const known = "html head meta title style body header div p h1 h2 h3 dl dt dd nav ol ul li a main section footer figure " +
    "figcaption table caption thead tbody tr th td details summary small span svg g path rect text line desc defs clippath";
  const strange = known.split(" ").includes(element.localName.toLowerCase()) ? [] : [element.localName];
  const acting = [...element.attributes].filter(({ name, value }) => /^on|src|action/.test(name) ||
    (name.endsWith("href") && !value.startsWith("#"))).map(({ name }) => element.localName + "[" + name + "]");
  return [...strange, ...acting];
})`;

/** Texts that reach out of the drawing they belong to; one pixel is rounding. */
const OUTSIDE_ITS_FIGURE = `[...document.querySelectorAll("svg[role=img] text")].filter((text) => {
  const inner = text.getBoundingClientRect(), outer = text.ownerSVGElement.getBoundingClientRect();
  return inner.width > 0 && (inner.left < outer.left - 1 || inner.right > outer.right + 1 ||
    inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1);
}).map((text) => text.textContent)`;

/** Pairs of different texts of one figure that lie on each other by more than a few pixels. */
const OVERLAPPING_LABELS = `[...document.querySelectorAll("svg[role=img]")].flatMap((figure) => {
  const boxes = [...figure.querySelectorAll("text")].filter((text) => !text.getAttribute("transform")?.includes("rotate"))
    .map((text) => [text.textContent, text.getBoundingClientRect()]);
  return boxes.flatMap(([a, p], i) => boxes.slice(i + 1).filter(([b, q]) => a !== b &&
    Math.min(p.right, q.right) - Math.max(p.left, q.left) > 3 &&
    Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 4).map(([b]) => a + " | " + b));
})`;
