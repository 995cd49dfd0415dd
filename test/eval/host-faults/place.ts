import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { methodical } from "../../../eval/mock-models/models.ts";
import { startMockProvider } from "../../../eval/mock-provider/server.ts";
import type { MockProvider, MockProviderOptions } from "../../../eval/mock-provider/server.ts";

/** A folder in which one run lives: its database, its configuration, its pause file. */
export interface Place {
  readonly folder: string;
  readonly db: string;
  readonly pauseFile: string;
  readonly config: string;
  /** The flags that name these. */
  readonly flags: readonly string[];
}

/** Nothing waits of its own accord. */
export const UNHINDERED = { min_interval_s: 0, rate_limit: 0, max_retries: 5, breaker_threshold: 1000 };

/** Makes places with a configuration in each; all of them are gone after the file's tests. */
export function places(): (configuration?: object) => Place {
  const root = mkdtempSync(join(tmpdir(), "oncall-host-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return (configuration = {}) => {
    const folder = mkdtempSync(join(root, "run-"));
    const [db, pauseFile, config] = ["oncall.db", "pause.flag", "oncall.config.json"].map((name) =>
      join(folder, name),
    ) as [string, string, string];
    writeFileSync(config, JSON.stringify(configuration));
    return { folder, db, pauseFile, config, flags: ["--db", db, "--pause-file", pauseFile, "--config", config] };
  };
}

/** A configuration of one model, `model`, which answers at that address. */
export const oneModel = (base_url: string, policy: object = {}): object => ({
  models: { model: { model: "mock", base_url, policy: { ...UNHINDERED, ...policy } } },
});

/** Starts providers whose model works by the runbook; all of them are closed after the file's tests. */
export function providers(): (options?: MockProviderOptions) => Promise<MockProvider> {
  const started: MockProvider[] = [];
  afterAll(() => Promise.all(started.map((one) => one.close())));
  return async (options = {}) => {
    const provider = await startMockProvider({ reply: methodical, ...options });
    started.push(provider);
    return provider;
  };
}
