import { readFileSync } from "node:fs";
import { agentKinds } from "../../agents/index.ts";
import { EPISODES, playAnchors } from "../../eval/anchors/anchors.ts";
import { exceeded } from "../../eval/anchors/bounds.ts";
import { ANCHORS_FILE, anchorsJson } from "../../eval/anchors/file.ts";
import { coreSuite } from "../../tasks/index.ts";
import { referenceFor } from "../../tasks/reference.ts";

/** The whole table of anchors once more: every bound holds, and the stored file is met byte for byte. */
const anchors = await playAnchors({ suite: coreSuite, referenceFor, agents: agentKinds, episodes: EPISODES });
const problems = exceeded(anchors);
if (anchorsJson(anchors) !== readFileSync(ANCHORS_FILE, "utf8")) {
  problems.push("anchors.json is stale: run `npx tsx eval/anchors/main.ts`, and say in the commit why figures moved.");
}
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(
  `${JSON.stringify({ bar: "anchors", anchors: anchors.rows.length, problems: problems.length })}\n`,
);
process.exitCode = problems.length > 0 ? 1 : 0;
