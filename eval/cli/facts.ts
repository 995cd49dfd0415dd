import { execFileSync } from "node:child_process";
import { arch, cpus, release, type } from "node:os";
import type { Suite } from "../../env/core/task.ts";
import { suiteId } from "../../env/core/task.ts";
import { ENV_VERSION, SCORING_VERSION } from "../../env/core/version.ts";
import { sqliteVersion } from "../../env/store/sqlite/open.ts";
import { OPENAI_VERSION } from "../provider/sdk-version.ts";
import type { RunFacts } from "../run.ts";

/** Versions, git state and command line, for the record of a run. */
export function runFacts(suite: Suite, config: Readonly<Record<string, unknown>>): RunFacts {
  const commit = git(["rev-parse", "HEAD"]);
  const status = git(["status", "--porcelain"]);
  return {
    versions: {
      suite: suiteId(suite),
      env: ENV_VERSION,
      scoring: SCORING_VERSION,
      node: process.versions.node,
      sqlite: sqliteVersion(),
      openai: OPENAI_VERSION,
      os: `${type()} ${release()} ${arch()}`,
      cpu: `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}`,
    },
    config,
    gitCommit: commit,
    gitDirty: status === null ? null : status !== "",
  };
}

/** The output of a git command; null where there is no git or no repository. */
function git(args: readonly string[]): string | null {
  try {
    return execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return null;
  }
}
