import { suiteId } from "../../env/core/task.ts";
import type { Suite } from "../../env/core/task.ts";
import { canonicalJson, sha256 } from "../../env/store/canonical.ts";
import type { NewRun } from "../../env/store/store.ts";
import type { RunFacts } from "../run.ts";

/** What a server's runs are called. */
const NAME = "served";

/** In place of a salt: seeds that clients choose can be derived from nothing. */
const SEEDS_OF_CLIENTS = sha256("seeds of clients");

/**
 * A run of what outside clients play on one server. Its slots are had once; whoever plays the same incident again under
 * the same name is stored in the next run.
 * @param turn counts from 1: how many times the same has been played
 */
export const servedRun = (suite: Suite, facts: RunFacts, runId: string, startedAt: number, turn: number): NewRun => ({
  runId: turn === 1 ? runId : `${runId}-${turn}`,
  name: turn === 1 ? NAME : `${NAME}, time ${turn}`,
  createdAt: startedAt - (turn - 1), // the newest is the one with what was played first
  suite: suite.name,
  suiteVersion: suite.version,
  filter: { served: true, turn },
  trials: 1,
  baseSeed: 0,
  saltSha256: SEEDS_OF_CLIENTS,
  fingerprint: sha256(canonicalJson({ served: runId, suite: suiteId(suite), turn })),
  config: facts.config,
  policy: {},
  prices: [],
  versions: facts.versions,
  gitCommit: facts.gitCommit,
  gitDirty: facts.gitDirty,
});
