import type { RunRecord } from "../../env/store/store.ts";
import { canonicalJson, sha256 } from "../../env/store/trajectory.ts";
import { unlessEqual } from "./problem.ts";
import type { Problem } from "./problem.ts";

/**
 * What a planned run says that it plays must be what its fingerprint was made of, and agree with its own columns: a
 * changed version would otherwise turn a comparison of scores off. Runs of outside clients are not planned.
 */
export function fingerprintProblems(run: RunRecord): Problem[] {
  const plays = run.filter["plays"] as Readonly<Record<string, unknown>> | undefined;
  if (plays === undefined) return [];
  const { suite, suiteVersion, versions, baseSeed, saltSha256, fingerprint } = run;
  return [
    ...unlessEqual("fingerprint of the run", sha256(canonicalJson(plays)), fingerprint),
    ...unlessEqual("suite of the run", plays["suite"], `${suite}@${suiteVersion}`),
    ...unlessEqual("environment version of the run", plays["env_version"], versions["env"]),
    ...unlessEqual("scoring version of the run", plays["scoring_version"], versions["scoring"]),
    ...unlessEqual("base seed of the run", plays["base_seed"], baseSeed),
    ...unlessEqual("salt of the run", plays["salt_sha256"], saltSha256),
  ];
}
