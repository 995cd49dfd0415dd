import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSqliteBackend } from "../../../env/store/sqlite/results.ts";
import type { EpisodeEntry, ResultStore } from "../../../env/store/store.ts";
import { explainCommand } from "../../../eval/cli/commands/explain.ts";
import { explain } from "../../../eval/explain/explain.ts";
import type { Explanation } from "../../../eval/explain/explain.ts";
import { readVariants } from "../../../eval/variants.ts";
import { ScriptedAgent } from "../../helpers.ts";
import { addCalls, insteadOf, modelVariant, newDatabase, playInto } from "../verify/played.ts";
import { said, saidJson } from "../verify/said.ts";

const RUN = "20261120-120000-0001";

/** Looks once, restarts everything it may, and then talks nonsense. */
const restless = () =>
  new ScriptedAgent((step) =>
    step === 0
      ? "inspect_logs(cache)"
      : step < 5
        ? "restart_service(cache)"
        : step === 5
          ? "restart(it)"
          : "resolve_incident(cache, crash)",
  );
const falling = () =>
  new ScriptedAgent((step) => {
    if (step === 3) throw new Error("the agent fell over");
    return "inspect_metrics(web_server)";
  });

/** An agent that plays under the name of a model. */
const named = (label: string, create: () => ScriptedAgent) => {
  const { id, identity } = modelVariant(label);
  const [variant] = insteadOf("random", create);
  return { ...(variant as NonNullable<typeof variant>), id, identity, label };
};

const database = newDatabase();
let store: ResultStore;
let episodes: EpisodeEntry[];
beforeAll(async () => {
  const backend = await openSqliteBackend(database.file);
  store = backend.results;
  const variants = [...readVariants("expert"), named("tools:restless", restless), named("tools:falling", falling)];
  await playInto(backend, { runId: RUN, variants });
  episodes = await store.episodes();
  const [first] = episodes.filter(({ variantLabel }) => variantLabel === "tools:restless");
  await addCalls(store, RUN, [
    { episodeId: first?.episodeId ?? "", requestNo: 1, end: { state: "failed", errorClass: "timeout" } },
    { episodeId: first?.episodeId ?? "", requestNo: 2, end: { modelReturned: "restless-1" } },
  ]);
});
afterAll(async () => {
  await store.close();
  database.remove();
});

const of = (label: string, taskId: string): EpisodeEntry =>
  episodes.find((one) => one.variantLabel === label && one.taskId === taskId) as EpisodeEntry;

describe("the six answers", () => {
  test("of an expert: it saw all, followed nothing, was right, resolved it, and the number can be trusted", async () => {
    const told = await explain(store, of("expert", "inc-117"));
    expect(told.inspected.length).toBeGreaterThan(0);
    expect(told.evidence.every(({ counts, seenAtStep }) => counts && seenAtStep !== null)).toBe(true);
    for (const [i, { seenAtStep }] of told.evidence.entries()) {
      expect(told.inspected.find(({ step }) => step === seenAtStep)?.shows).toContain(i);
    }
    expect(told.changes.length).toBeGreaterThan(0);
    expect(told.changes.every(({ right, distractor }) => right && !distractor)).toBe(true);
    expect(told.fix).toMatchObject({ wanted: true, right: true, mitigated: true, durable: true, redAtJudgement: [] });
    expect(told.resolution).toMatchObject({ ended: "resolved", diagnosed: true, resolved: true, success: true });
    expect(told.reliability).toMatchObject({
      mismatches: [],
      calls: 0,
      attempts: [{ outcome: "success", counts: true }],
    });
  });

  test("of one who restarts blindly: wrong changes, refused ones, and what the provider did", async () => {
    const told = await explain(store, of("tools:restless", "inc-107"));
    expect(told.inspected).toHaveLength(1);
    expect(told.changes.every(({ right }) => !right)).toBe(true);
    expect(told.invalid.map(({ action }) => action)).toContain("restart(it)");
    expect(told.resolution).toMatchObject({ diagnosed: false, success: false });
    const withCalls = await explain(store, of("tools:restless", episodes[0]?.taskId ?? ""));
    expect(withCalls.reliability).toMatchObject({ calls: 2, failures: { timeout: 1 }, models: ["restless-1"] });
    expect(withCalls.reliability.invalid).toEqual({ schema: told.invalid.length });
  });

  test("of one that our own fault broke off: how far it went, and no score", async () => {
    const told = await explain(store, of("tools:falling", "inc-117"));
    expect(told.inspected).toHaveLength(3);
    expect(told.reliability.attempts).toMatchObject([{ outcome: "harness_error", detail: "the agent fell over" }]);
    const { out } = await said(explainCommand, [told.entry.episodeId, "--db", database.file]);
    expect(out).toContain("It broke off (harness_error) and was not scored");
    expect(out).not.toContain("Points:");
  });

  test("of a false alarm: that nothing was to be changed", async () => {
    const told = await explain(store, of("expert", "inc-123"));
    expect(told.fix).toMatchObject({ wanted: false, reference: [], right: false });
    expect(told.changes).toEqual([]);
    expect(told.resolution.success).toBe(true);
  });

  test("are what a replay gives: the points sum to the stored score, and minutes never go back", async () => {
    for (const entry of episodes.filter(({ scored }) => scored)) {
      const told = await explain(store, entry);
      const total = Object.values(told.resolution.points).reduce((sum, points) => sum + points, 0);
      expect(total).toBeCloseTo(entry.score ?? -1, 6);
      const minutes = told.inspected.map((step) => step.minutes);
      expect(minutes).toEqual(minutes.toSorted((a, b) => a - b));
    }
  });
});

describe("oncall explain", () => {
  const db = ["--db", database.file];

  test("asks the six questions in order", async () => {
    const { out } = await said(explainCommand, [...db, of("expert", "inc-117").episodeId.slice(0, 10)]);
    const questions = [...out.matchAll(/^\d\. .+\?$/gm)].map(([question]) => question);
    expect(questions).toEqual([
      "1. What did it inspect?",
      "2. What evidence did it get?",
      "3. Which distractors did it follow?",
      "4. Was the fix right?",
      "5. Was the incident resolved?",
      "6. Did the evaluator run reliably?",
    ]);
  });

  test("finds an episode by agent, task and trial, and lists those that fit when they are several", async () => {
    const told = (await saidJson(explainCommand, [...db, "--agent", "expert", "--task-id", "inc-117"])) as Explanation;
    expect(told.entry.episodeId).toBe(of("expert", "inc-117").episodeId);
    await expect(said(explainCommand, [...db, "--agent", "expert"])).rejects.toThrow("3 episodes fit:");
    await expect(said(explainCommand, [...db, "nope"])).rejects.toThrow('No episode "nope" is stored.');
  });
});
