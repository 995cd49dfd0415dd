import { existsSync, readFileSync } from "node:fs";
import { suiteId } from "../../env/core/task.ts";
import type { Suite } from "../../env/core/task.ts";
import { ENV_VERSION, SCORING_VERSION } from "../../env/core/version.ts";
import { suiteRecord } from "../specs.ts";
import { frozenFile } from "../suite/freeze.ts";
import { FrozenSuite, seal } from "../suite/frozen.ts";

/** What results are held against: the suite in use and the versions of this build. */
export interface Build {
  readonly suite: string;
  readonly manifestSha256: string;
  /** Whether the suite in use is frozen, and as it was frozen. */
  readonly frozen: boolean;
  readonly envVersion: string;
  readonly scoringVersion: string;
}

export function thisBuild(suite: Suite, frozenFolder: string): Build {
  const { manifest, manifestSha256 } = suiteRecord(suite);
  return {
    suite: suiteId(suite),
    manifestSha256,
    frozen: isFrozen(frozenFile(frozenFolder, suite), manifest["tasks"] as Readonly<Record<string, string>>),
    envVersion: ENV_VERSION,
    scoringVersion: SCORING_VERSION,
  };
}

/** Whether a sealed file has exactly these definitions. `oncall suite check` looks further: it plays them. */
function isFrozen(file: string, tasks: Readonly<Record<string, string>>): boolean {
  if (!existsSync(file)) return false;
  const read = FrozenSuite.safeParse(jsonOf(file));
  if (!read.success || seal(read.data).sha256 !== read.data.sha256) return false;
  const frozen = read.data.manifest.tasks;
  return (
    Object.keys(frozen).length === Object.keys(tasks).length &&
    Object.entries(tasks).every(([id, hash]) => frozen[id]?.spec_sha256 === hash)
  );
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
