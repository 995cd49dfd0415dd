import { writeFileSync } from "node:fs";
import { agentKinds } from "../../agents/index.ts";
import { coreSuite } from "../../tasks/index.ts";
import { referenceFor } from "../../tasks/reference.ts";
import { EPISODES, playAnchors } from "./anchors.ts";
import { exceeded } from "./bounds.ts";
import { ANCHORS_FILE, anchorsJson } from "./file.ts";

// Measures every anchor and writes the table that the README shows; a minute or two on one core.
const anchors = await playAnchors({
  suite: coreSuite,
  referenceFor,
  agents: agentKinds,
  episodes: EPISODES,
  onRow: ({ policy, score }) => process.stderr.write(`${policy} ${score.toFixed(3)}\n`),
});
writeFileSync(ANCHORS_FILE, anchorsJson(anchors));
const problems = exceeded(anchors);
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
