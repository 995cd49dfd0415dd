import { afterAll, beforeAll, expect, test } from "vitest";
import { sha256 } from "../../../env/store/canonical.ts";
import { openSqliteStore } from "../../../env/store/sqlite/results.ts";
import type { EpisodeEntry, ProviderCallRecord, RunRecord } from "../../../env/store/store.ts";
import { thisBuild } from "../../../eval/report/build.ts";
import { readEntries } from "../../../eval/report/entry.ts";
import type { Entry } from "../../../eval/report/entry.ts";
import { failuresOf, RULES } from "../../../eval/report/rules/index.ts";
import type { Evidence } from "../../../eval/report/rules/rule.ts";
import { verifyRun } from "../../../eval/verify/verify.ts";
import { readVariants } from "../../../eval/variants.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { FROZEN_FOLDER } from "../../../tasks/load.ts";
import { modelVariant, playedDatabase } from "../verify/played.ts";

let database: Awaited<ReturnType<typeof playedDatabase>>;
/** All that speaks for an entry of a model on the whole dev split. */
let sound: Evidence;
beforeAll(async () => {
  database = await playedDatabase({
    variants: [...readVariants("random,runbook,expert"), modelVariant("tools:model-x")],
    taskIds: coreSuite.splits.dev,
    trials: 2,
  });
  const store = await openSqliteStore(database.file, { readOnly: true });
  const run = (await store.run(database.runId)) as RunRecord;
  const entries = await readEntries(store, run);
  const verification = await verifyRun(store, run);
  await store.close();
  sound = {
    entry: entries.find(({ variant }) => variant.kind === "llm") as Entry,
    build: thisBuild(coreSuite, FROZEN_FOLDER),
    anchors: entries.filter(({ variant }) => variant.kind !== "llm"),
    steps: { all: 1000, filtered: 20, truncated: 20 },
    verification,
    salt: "",
  };
});
afterAll(() => database.remove());

test("an entry of which all is well fulfils all ten conditions", () => {
  expect(RULES.map(({ code }) => code)).toEqual(["L01", "L02", "L03", "L04", "L05", "L06", "L07", "L08", "L09", "L10"]);
  expect(failuresOf(sound)).toEqual([]);
});

const withRun = (changes: Partial<RunRecord>): Evidence => ({
  ...sound,
  entry: { ...sound.entry, run: { ...sound.entry.run, ...changes } },
});
const withVariant = (changes: Partial<Entry["variant"]>): Evidence => ({
  ...sound,
  entry: { ...sound.entry, variant: { ...sound.entry.variant, ...changes } },
});
const withAttempts = (change: (attempt: EpisodeEntry, i: number) => Partial<EpisodeEntry>): Evidence => ({
  ...sound,
  entry: { ...sound.entry, attempts: sound.entry.attempts.map((one, i) => ({ ...one, ...change(one, i) })) },
});
const withEntry = (changes: Partial<Entry>): Evidence => ({ ...sound, entry: { ...sound.entry, ...changes } });
const answered = (modelReturned: string | null): ProviderCallRecord =>
  ({ state: "ok", modelReturned }) as unknown as ProviderCallRecord;
const unscored = { scored: false, outcome: "provider_error", score: null } as const;

const FAILING: readonly (readonly [code: string, what: string, evidence: () => Evidence, came: string])[] = [
  ["L01", "a run that was stopped", () => withRun({ status: "cancelled" }), "The run is cancelled."],
  [
    "L01",
    "a suite that is not frozen",
    () => ({ ...sound, build: { ...sound.build, frozen: false } }),
    "Suite core@1.0.0 is not frozen.",
  ],
  [
    "L01",
    "another manifest",
    () => ({ ...sound, build: { ...sound.build, manifestSha256: "0" } }),
    "The suite's manifest is not this build's.",
  ],
  [
    "L01",
    "another environment",
    () => withRun({ versions: { env: "0.9.0", scoring: "1.0.0" } }),
    "Its environment version is 0.9.0, this build's is 1.0.0.",
  ],
  [
    "L02",
    "a task left out",
    () => withEntry({ slots: sound.entry.slots.filter(({ specHash }) => specHash !== sound.entry.slots[0]?.specHash) }),
    "It played 7 tasks, which are neither the suite nor one of its splits.",
  ],
  [
    "L02",
    "a trial left out",
    () => withEntry({ slots: sound.entry.slots.slice(1) }),
    "Tasks that do not have the run's 2 trials: 1.",
  ],
  [
    "L02",
    "a chosen seed",
    () => withEntry({ slots: sound.entry.slots.map((slot, i) => (i === 0 ? { ...slot, seed: 5 } : slot)) }),
    "Seeds that were not derived from base seed 0: 1.",
  ],
  [
    "L02",
    "a budget of tokens that cut an episode",
    () => withAttempts((_, i) => (i === 0 ? { terminalReason: "token_limit" } : {})),
    "Episodes cut by a budget of tokens: 1.",
  ],
  [
    "L03",
    "a lost episode of sixteen",
    () => withAttempts((_, i) => (i === 0 ? unscored : {})),
    "15 of 16 episodes are scored.",
  ],
  [
    "L03",
    "a task without any",
    () => withAttempts(({ taskId }) => (taskId === "inc-105" ? unscored : {})),
    "14 of 16 episodes are scored. Tasks without a scored episode: 1.",
  ],
  [
    "L04",
    "an error of ours",
    () => withAttempts((_, i) => (i === 0 ? { outcome: "harness_error" } : {})),
    "Attempts that ended in an error of the harness: 1.",
  ],
  [
    "L05",
    "a shaky provider",
    () => withAttempts(() => ({ providerCalls: 10, providerFailures: 3 })),
    "48 of 160 calls failed.",
  ],
  [
    "L05",
    "repeated episodes",
    () => withEntry({ slots: sound.entry.slots.map((slot, i) => (i < 2 ? { ...slot, attempts: 2 } : slot)) }),
    "2 of 16 episodes were repeated.",
  ],
  [
    "L06",
    "filtered replies",
    () => ({ ...sound, steps: { all: 1000, filtered: 21, truncated: 0 } }),
    "21 of 1000 steps were filtered.",
  ],
  [
    "L06",
    "replies cut by our token limit",
    () => ({ ...sound, steps: { all: 1000, filtered: 0, truncated: 21 } }),
    "21 of 1000 steps were truncated.",
  ],
  [
    "L06",
    "episodes cut by the clock",
    () => withAttempts((_, i) => (i === 0 ? { terminalReason: "time_limit" } : {})),
    "1 of 16 episodes ran into the time limit.",
  ],
  [
    "L07",
    "a model that changed",
    () => ({
      ...withVariant({ modelVersion: null }),
      entry: { ...withVariant({ modelVersion: null }).entry, calls: [answered("x-1"), answered("x-2")] },
    }),
    "The provider returned x-1, x-2, and no model_version is stated.",
  ],
  [
    "L07",
    "a model without a name",
    () => ({ ...sound, entry: { ...withVariant({ modelVersion: null }).entry, calls: [answered(null)] } }),
    "The provider returned no name, and no model_version is stated.",
  ],
  ["L08", "prompts nobody knows", () => withVariant({ promptSha256: null }), "The hash of the prompts is missing."],
  [
    "L08",
    "a local model on nothing",
    () => withVariant({ deployment: "local" }),
    "The engine of a local model is missing: --engine-name. The hardware of a local model is missing: --hardware.",
  ],
  ["L08", "a dirty tree", () => withRun({ gitDirty: true }), "The git tree had changes that are in no commit."],
  ["L08", "no commit", () => withRun({ gitCommit: null }), "The git commit is not known."],
  [
    "L09",
    "no anchors",
    () => ({ ...sound, anchors: [] }),
    "No random episodes are stored for these versions and seeds. No runbook episodes are stored for these versions and seeds. No expert episodes are stored for these versions and seeds.",
  ],
  [
    "L09",
    "an expert that fails",
    () => ({ ...sound, anchors: sound.anchors.map((one) => (one.variant.kind === "expert" ? failing(one) : one)) }),
    "expert: expected score > 0.95, got 0. expert: expected success >= 1, got 0.",
  ],
  [
    "L09",
    "anchors of other pages",
    () => ({ ...sound, anchors: sound.anchors.map((one) => ({ ...one, attempts: one.attempts.slice(2) })) }),
    "random has 14 of the 16 pages. runbook has 14 of the 16 pages. expert has 14 of the 16 pages.",
  ],
  [
    "L10",
    "no trajectories",
    () => withAttempts(() => ({ trajectorySha256: null })),
    "Scored episodes without a trajectory: 16.",
  ],
  [
    "L10",
    "a replay that differs",
    () => ({
      ...sound,
      verification: {
        ...(sound.verification as NonNullable<Evidence["verification"]>),
        mismatches: [
          { episodeId: sound.entry.attempts[0]?.episodeId ?? "", variant: "", taskId: "", seed: 0, problems: [] },
        ],
      },
    }),
    "Episodes that replay otherwise than they are stored: 1.",
  ],
];

const failing = (entry: Entry): Entry => ({
  ...entry,
  attempts: entry.attempts.map((one) => ({
    ...one,
    outcome: "failure",
    score: 0,
    metrics: { ...one.metrics, flags: { success: false, resolved: false, clean_success: false } },
  })),
});

test.each(FAILING)("%s does not hold for %s, and says what came instead", (code, _, evidence, came) => {
  const failure = failuresOf(evidence()).find((one) => one.code === code);
  expect(failure?.sentences.join(" ")).toBe(came);
});

test("a stated model version stands for names that a provider changes or withholds", () => {
  expect(failuresOf(withEntry({ calls: [answered("x-1"), answered(null)] }))).toEqual([]);
});

test("private seeds are taken on trust by those who do not know the salt, and checked by those who do", () => {
  const salted = withRun({ saltSha256: "ab".repeat(32) });
  expect(failuresOf(salted)).toEqual([]);
  expect(
    failuresOf({
      ...salted,
      entry: { ...salted.entry, run: { ...salted.entry.run, saltSha256: sha256("s") } },
      salt: "s",
    }),
  ).toMatchObject([{ code: "L02" }]);
});

test("what is wrong with another agent's slots costs nobody else the rank", () => {
  const verification = sound.verification as NonNullable<Evidence["verification"]>;
  const problem = { what: "slot", detail: "its seed was changed" };
  const withProblem = (variantId: string): Evidence => ({
    ...sound,
    verification: { ...verification, problems: [{ ...problem, variantId }] },
  });
  expect(failuresOf(withProblem("another"))).toEqual([]);
  expect(failuresOf(withProblem(sound.entry.variant.variantId))).toMatchObject([{ code: "L10" }]);
});
