import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of its own, which is gone when the process ends. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "oncall-torture-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
