import { z } from "zod";
import { agentFamilies, agentKinds } from "../agents/index.ts";
import { localClient } from "../env/client/local.ts";
import { observationText } from "../env/contract/text.ts";
import { ACTION_TYPES, actionDef, type AnyActionDef } from "../env/core/actions/index.ts";
import { faultClasses } from "../env/core/faults/index.ts";
import { DIFFICULTIES, BUDGETS, SPLITS } from "../env/core/task.ts";
import { openMemoryBackend } from "../env/store/memory.ts";
import { storedAnchors } from "../eval/anchors/file.ts";
import { anchorsTable } from "../eval/anchors/table.ts";
import { leaderboardText } from "../eval/cli/leaderboard-table.ts";
import { systemClock } from "../eval/clock.ts";
import { makePlan } from "../eval/plan.ts";
import { runPlan } from "../eval/run.ts";
import { Stops } from "../eval/stops.ts";
import { replayTimeline } from "../eval/timeline.ts";
import { storedResults } from "../eval/trained/file.ts";
import { splitsTable, trainingsTable } from "../eval/trained/tables.ts";
import { readVariants } from "../eval/variants.ts";
import { episodeTimeline } from "../plots/episode-timeline.ts";
import { renderSvg, type Figure } from "../plots/render.ts";
import { coreSuite } from "../tasks/index.ts";
import { referenceFor } from "../tasks/reference.ts";
import { checklists } from "./checklists/page.ts";
import { sections } from "./checklists/sections/index.ts";

/** What stands on a page between `<!-- generated:NAME -->` and `<!-- /generated -->`, by name. */
export const generatedDocs: Readonly<Record<string, () => string | Promise<string>>> = {
  actions: () =>
    table(
      ["action", "kind", "ticks", "what it does"],
      ACTION_TYPES.map(actionDef).map((def) => [`\`${textForm(def)}\``, def.kind, `${def.ticks}`, def.summary]),
    ),
  faults: () =>
    table(
      ["fault", "means"],
      faultClasses.map((def) => [`\`${def.class}\``, def.summary]),
    ),
  agents: () =>
    table(
      ["`--agents`", "who plays"],
      [...agentKinds, ...agentFamilies].map(({ name, summary }) => [`\`${name}\``, summary]),
    ),
  anchors: () => anchorsTable(storedAnchors()),
  checklists: () => checklists(sections),
  tasks: () =>
    table(
      ["difficulty", "incidents", ...SPLITS, "steps", "changes"],
      DIFFICULTIES.map((band) => {
        const ids = coreSuite.tasks.filter(({ difficulty }) => difficulty === band).map(({ id }) => id);
        const inSplit = SPLITS.map((split) => `${coreSuite.splits[split].filter((id) => ids.includes(id)).length}`);
        return [band, `${ids.length}`, ...inSplit, `${BUDGETS[band].steps}`, `${BUDGETS[band].changes}`];
      }),
    ),
  demo: async () => fenced(await demoLeaderboard()),
  trained: () => splitsTable(storedResults()),
  trainings: () => trainingsTable(storedResults()),
  episode: async () => fenced(await playedEpisode()),
};

const fenced = (text: string): string => `\`\`\`text\n${text}\n\`\`\``;

/** The table that `npm run demo` ends with: the same plan, played in this process. */
async function demoLeaderboard(): Promise<string> {
  const { results: store, jobs } = openMemoryBackend();
  const plan = makePlan({
    runId: "demo",
    suite: coreSuite,
    tasks: coreSuite.tasks,
    variants: readVariants("random,runbook,expert"),
    trials: 3,
    baseSeed: 0,
    salt: "",
  });
  await runPlan(plan, { versions: {}, config: {}, gitCommit: null, gitDirty: null }, 1, {
    store,
    jobs,
    clock: systemClock,
    connect: async () => localClient(coreSuite),
    referenceFor,
    stops: new Stops(),
  });
  return leaderboardText(await store.episodes({ runIds: ["demo"] }));
}

/** The incident that the README shows, and how someone worked it. */
const SHOWN = { taskId: "inc-117", seed: 1 };
const WORKED = ["inspect_logs(web_server)", "inspect_config(web_server, db_host)"];

/** An episode as a person in the terminal sees it. */
async function playedEpisode(): Promise<string> {
  const client = localClient(coreSuite);
  const { observation } = await client.reset({ seed: SHOWN.seed, options: { task_id: SHOWN.taskId } });
  const parts = [observationText(observation)];
  for (const action of WORKED) parts.push(`> ${action}\n${observationText((await client.step(action)).observation)}`);
  return parts.join("\n");
}

/** The incident of the picture: one that takes its time to recover. */
const PICTURED = { taskId: "inc-108", seed: 0 };

/** The picture of an episode: the expert's, with every service level over simulated time. */
export async function episodePicture(): Promise<string> {
  const task = coreSuite.tasks.find(({ id }) => id === PICTURED.taskId);
  if (task === undefined) throw new RangeError(`There is no task ${PICTURED.taskId}.`);
  const { looks, fix, verify, close, patience } = referenceFor(task, PICTURED.seed);
  const actions = [...looks, ...fix, ...Array<string>(patience).fill(verify), close];
  const timeline = replayTimeline(`${task.id}, worked by the expert`, task, PICTURED.seed, actions);
  return renderSvg(episodeTimeline(timeline) as Figure);
}

/** The action as a person types it: `inspect_config(service, key?)`. */
function textForm({ type, args }: AnyActionDef): string {
  const names = Object.entries(args).map(([name, schema]) => (schema instanceof z.ZodOptional ? `${name}?` : name));
  return `${type}(${names.join(", ")})`;
}

/** A Markdown table. */
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => "---"), ...rows].map(tableLine).join("\n");

const tableLine = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
