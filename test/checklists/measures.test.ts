import { afterAll, beforeAll, expect, test } from "vitest";
import { openSqliteBackend } from "../../env/store/sqlite/results.ts";
import { leaderboardCommand } from "../../eval/cli/commands/leaderboard.ts";
import { SKILLS } from "../../eval/report/skills.ts";
import { readVariants } from "../../eval/variants.ts";
import { coreSuite } from "../../tasks/index.ts";
import { ScriptedAgent } from "../helpers.ts";
import { insteadOf, modelVariant, newDatabase, playInto } from "../eval/verify/played.ts";
import { saidJson } from "../eval/verify/said.ts";

const closing = () => new ScriptedAgent(() => "resolve_incident(cache, ttl)");
const [player] = insteadOf("random", closing) as [ReturnType<typeof readVariants>[number]];
const { id, identity, label } = modelVariant("tools:closer");

const database = newDatabase();
beforeAll(async () => {
  const backend = await openSqliteBackend(database.file);
  const variants = [...readVariants("random,runbook,expert"), { ...player, id, identity, label }];
  await playInto(backend, { variants, taskIds: coreSuite.tasks.map((task) => task.id) });
  await backend.results.close();
});
afterAll(() => database.remove());

const leaderboard = (...args: string[]) =>
  saidJson(leaderboardCommand, ["--db", database.file, "--no-replay", ...args]);

interface Skill {
  readonly skill: string;
  readonly label: string;
  readonly value: { readonly value: number | null };
}

test("on every incident the expert is perfect, closing at once gives nothing, and random stays below the runbook", async () => {
  const { skills } = (await leaderboard("--by", "skill")) as { skills: Skill[] };
  const valueOf = (who: string, name: string): number | null =>
    skills.find((one) => one.label === who && one.skill === name)?.value.value ?? null;
  for (const { name } of SKILLS.filter(({ checks }) => checks.length > 0)) {
    expect([name, valueOf("expert", name)]).toEqual([name, 1]);
    expect([name, valueOf(label, name) ?? 0]).toEqual([name, 0]);
    if (name === "tool calling") continue;
    expect([name, (valueOf("random", name) ?? 0) < (valueOf("runbook", name) ?? 0)]).toEqual([name, true]);
  }
});

/** By the names that SRE-Zero's tables have. */
const THIRTEEN = [
  "success_rate",
  "mean_reward",
  "mean_steps",
  "invalid_action_rate",
  "evidence_coverage",
  "wrong_remediation_rate",
  "distractor_failure_rate",
  "premature_resolution_rate",
  "root_cause_identification_rate",
  "fix_identification_rate",
  "correct_service_remediation_rate",
  "correct_remediation_rate",
  "remediation_precision",
];

test("the thirteen metrics of SRE-Zero are told by name, with a value where there is one", async () => {
  const { entries } = (await leaderboard()) as {
    entries: { label: string; metrics: Record<string, { value: number | null; n: number }> }[];
  };
  const runbook = entries.find((entry) => entry.label === "runbook");
  for (const name of THIRTEEN) {
    expect([name, runbook?.metrics[name]]).toEqual([name, expect.objectContaining({ value: expect.any(Number) })]);
  }
});

test("the suite has false alarms and incidents to hand over", () => {
  const answers = coreSuite.tasks.flatMap(({ siblings }) => siblings.map(({ answer }) => answer));
  expect(answers).toContain("no_fault");
  expect(answers.some((answer) => typeof answer === "object")).toBe(true);
});
