import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { huntCanaries } from "./canaries.ts";

test("no key gets into any file, log, error or reply, whatever the provider does with it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "oncall-canaries-"));
  try {
    const hunt = await huntCanaries(300, folder);
    expect(hunt.hits).toEqual([]);
    expect(hunt.calls).toBeGreaterThanOrEqual(300);
    expect(hunt.hidden).toBeGreaterThan(hunt.calls / 10);
    expect(hunt.searched).toBeGreaterThan(100_000);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
