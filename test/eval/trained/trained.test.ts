import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { SPLITS, suiteId } from "../../../env/core/task.ts";
import { ENV_VERSION, SCORING_VERSION } from "../../../env/core/version.ts";
import type { EpisodeEntry } from "../../../env/store/store.ts";
import { PAGE_FILE, storedResults } from "../../../eval/trained/file.ts";
import { shippedPage } from "../../../eval/trained/page.ts";
import { firstTrials, labelOf, played } from "../../../eval/trained/results.ts";
import { shippedPolicies } from "../../../eval/trained/shipped.ts";
import { splitsTable } from "../../../eval/trained/tables.ts";
import { readCurve } from "../../../eval/train/curve.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { referenceFor } from "../../../tasks/reference.ts";

const root = join(import.meta.dirname, "../../..");
const results = storedResults();
const policies = shippedPolicies();

describe("the policies that ship", () => {
  let episodes: readonly EpisodeEntry[];
  beforeAll(async () => {
    const agents = policies.map(({ path }) => `rl:${join(root, path)}`);
    const splits = [];
    for (const split of SPLITS) splits.push(await played({ suite: coreSuite, referenceFor }, agents, split, 1));
    episodes = splits.flat();
  });

  test("are those of the stored results, which hold for these versions", () => {
    expect(results.trainings.map(({ agent }) => agent)).toEqual(policies.map(labelOf));
    expect(results).toMatchObject({
      suite: suiteId(coreSuite),
      env_version: ENV_VERSION,
      scoring_version: SCORING_VERSION,
    });
  });

  test.for(policies)("$name: the first trial of every task scores again what is stored", (policy) => {
    const again = firstTrials(episodes, labelOf(policy));
    expect(Object.keys(again)).toHaveLength(coreSuite.tasks.length);
    expect(again).toEqual(results.first_trials[labelOf(policy)]);
  });

  test.for(policies)(
    "$name comes with its log, up to the step at which it was best, and its figure",
    ({ name, saved }) => {
      const beside = (suffix: string): string => join(root, "agents/rl/shipped", `${name}${suffix}`);
      const points = readCurve(readFileSync(beside(".csv"), "utf8"));
      const best = points.reduce((a, b) => ((b.evalScore ?? 0) > (a.evalScore ?? 0) ? b : a));
      expect(best.update).toBe(saved.trainer.counters.updates);
      expect(existsSync(beside(".svg"))).toBe(true);
    },
  );
});

describe("what is written of them", () => {
  test("the page beside them is current (`npx tsx eval/trained/main.ts` writes it)", () => {
    expect(readFileSync(PAGE_FILE, "utf8")).toBe(shippedPage(results));
  });

  test("the table has every policy, and says which agents are told answers", () => {
    const lines = splitsTable(results).split("\n");
    for (const policy of policies)
      expect(lines.filter((line) => line.startsWith(`| \`${labelOf(policy)}\``))).toHaveLength(1);
    expect(lines.find((line) => line.includes("`expert`"))).toContain("| yes |");
    expect(lines.find((line) => line.includes("`runbook`"))).not.toContain("| yes |");
  });
});
