import { execFileSync } from "node:child_process";
import type { Suite } from "../../env/core/task.ts";
import { suiteId } from "../../env/core/task.ts";
import { ENV_VERSION, SCORING_VERSION } from "../../env/core/version.ts";
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
