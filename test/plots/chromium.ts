import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

/** Where distributions put the browser; `CHROMIUM_PATH` wins. */
const PLACES = [
  process.env["CHROMIUM_PATH"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** The browser to test with, or `null` with a loud notice, since a skipped test must not look like a passed one. */
export function findChromium(): string | null {
  const found = PLACES.find((place) => place !== undefined && existsSync(place));
  if (found === undefined) {
    process.stderr.write(
      "\n!!! SKIPPED: no Chromium found, so no report was opened. Set CHROMIUM_PATH to its binary. !!!\n\n",
    );
  }
  return found ?? null;
}

/** Starts it without anything that talks to the network on its own. */
export const startChromium = (executablePath: string): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
