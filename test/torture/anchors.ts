import { readFileSync } from "node:fs";
import { agentKinds } from "../../agents/index.ts";
import { EPISODES, exceeded, playAnchors } from "../../eval/anchors/anchors.ts";
import { ANCHORS_FILE, anchorsJson } from "../../eval/anchors/file.ts";
import { coreSuite } from "../../tasks/index.ts";
import { referenceFor } from "../../tasks/reference.ts";

// The whole table of anchors once more: every bound holds, and the stored file is met byte for byte.
const anchors = await playAnchors({ suite: coreSuite, referenceFor, agents: agentKinds, episodes: EPISODES });
const problems = exceeded(anchors);
if (anchorsJson(anchors) !== readFileSync(ANCHORS_FILE, "utf8")) {
  problems.push("anchors.json is stale: run `npx tsx eval/anchors/main.ts`, and say in the commit why figures moved.");
}
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(`${anchors.rows.length} anchors, ${problems.length} problems\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
