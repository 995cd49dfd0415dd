import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sha256 } from "../../../env/store/canonical.ts";
import { openSqliteBackend } from "../../../env/store/sqlite/results.ts";
import { submitCommand } from "../../../eval/cli/commands/submit.ts";
import { exportCommand } from "../../../eval/cli/commands/export.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { modelVariant, newDatabase, playInto } from "../verify/played.ts";
import { said, saidJson } from "../verify/said.ts";

const ANCHORS = "20261120-120000-0001";
const MODELS = "20261120-120001-0002";

const database = newDatabase();
const bundle = join(database.folder, "bundle");
const db = ["--db", database.file];
beforeAll(async () => {
  const backend = await openSqliteBackend(database.file);
  const store = backend.results;
  const dev = { taskIds: coreSuite.splits.dev };
  await playInto(backend, { runId: ANCHORS, ...dev });
  await playInto(backend, { runId: MODELS, variants: [modelVariant("tools:model-x")], ...dev });
  await store.close();
  await said(submitCommand, ["prepare", "--out", bundle, ...db]);
});
afterAll(() => database.remove());

interface Validated {
  readonly intact: boolean;
  readonly problems: readonly { readonly what: string; readonly detail: string }[];
  readonly submitted: readonly string[];
  readonly eligible: readonly string[];
}
const validated = async (folder: string) => (await saidJson(submitCommand, ["validate", folder])) as Validated;

describe("a bundle", () => {
  test("holds the run and the anchors that it is held against, and is found eligible by a stranger", async () => {
    const { out, exitCode } = await said(submitCommand, ["validate", bundle]);
    expect(out).toContain(`Run ${MODELS}: 8 attempts replayed, 8 of them scored; all as stored.`);
    expect(out).toContain(`Run ${ANCHORS}: 24 attempts replayed, 24 of them scored; all as stored.`);
    expect(out).toContain("Intact. Can be ranked: tools:model-x of tools:model-x.");
    expect(exitCode).toBe(0);
    expect(await validated(bundle)).toMatchObject({
      intact: true,
      submitted: ["tools:model-x"],
      eligible: ["tools:model-x"],
    });
  });

  test("has the same bytes each time, and never replaces one that is there", async () => {
    const again = join(database.folder, "again");
    await said(submitCommand, ["prepare", "--out", again, ...db]);
    expect(readFileSync(join(again, "manifest.json"))).toEqual(readFileSync(join(bundle, "manifest.json")));
    await expect(said(submitCommand, ["prepare", "--out", again, ...db])).rejects.toThrow("is there already");
  });

  test("does not say which process or host played", () => {
    const [run = ""] = readFileSync(join(bundle, "runs.jsonl"), "utf8").split("\n");
    expect(JSON.parse(run)).toMatchObject({ owner: null, heartbeat_at: null });
  });

  test("without an agent that could be ranked is not written, and exits with 3", async () => {
    const out = join(database.folder, "anchors-only");
    const { err, exitCode } = await said(submitCommand, ["prepare", ANCHORS, "--out", out, ...db]);
    expect(exitCode).toBe(3);
    expect(err).toContain("Nothing was written");
    await said(submitCommand, ["prepare", ANCHORS, "--force", "--out", out, ...db]);
    expect((await said(submitCommand, ["validate", out])).exitCode).toBe(3);
  });

  test("of one run alone lacks its anchors, which costs it its rank", async () => {
    const alone = join(database.folder, "alone");
    await said(exportCommand, ["bundle", "--out", alone, ...db]);
    const { out, exitCode } = await said(submitCommand, ["validate", alone]);
    expect(out).toContain("L09  No random episodes are stored");
    expect(exitCode).toBe(3);
  });
});

/** A copy of the bundle with one file changed; `sealed` renews the file's hash in the manifest. */
function changed(name: string, change: (text: string) => string, sealed: boolean): string {
  const folder = join(database.folder, `changed-${name}-${sealed}`);
  rmSync(folder, { recursive: true, force: true });
  cpSync(bundle, folder, { recursive: true });
  const text = change(readFileSync(join(folder, name), "utf8"));
  writeFileSync(join(folder, name), text);
  if (!sealed) return folder;
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
  manifest.files[name] = { sha256: sha256(text), bytes: Buffer.byteLength(text) };
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
  return folder;
}

const firstLine = (change: (record: Record<string, unknown>) => object) => (text: string) => {
  const [line = "", ...rest] = text.split("\n");
  return [JSON.stringify(change(JSON.parse(line))), ...rest].join("\n");
};

/** A copy of the bundle in which another thing stands in the place of the steps. */
function withoutSteps(instead: "nothing" | "a link"): string {
  const folder = changed("steps.jsonl", (text) => text, false);
  rmSync(join(folder, "steps.jsonl"));
  if (instead === "a link") symlinkSync(join(bundle, "steps.jsonl"), join(folder, "steps.jsonl"));
  return folder;
}

const REFUSED: readonly (readonly [what: string, folder: () => string, message: string])[] = [
  ["lines that are no JSON", () => changed("steps.jsonl", () => "nonsense\n", true), "steps.jsonl line 1"],
  [
    "a score that is no number",
    () =>
      changed(
        "episodes.jsonl",
        firstLine((row) => ({ ...row, score: "high" })),
        true,
      ),
    "score",
  ],
  [
    "a field too many",
    () =>
      changed(
        "episodes.jsonl",
        firstLine((row) => ({ ...row, extra: 1 })),
        true,
      ),
    "episodes.jsonl line 1",
  ],
  ["a reference to nothing", () => changed("variants.jsonl", () => "", true), "refers to variant"],
  ["another manifest", () => changed("manifest.json", () => "{}", false), "is no manifest"],
  ["a file missing", () => withoutSteps("nothing"), "cannot be read"],
  ["a link in a file's place", () => withoutSteps("a link"), "is no plain file"],
  ["no folder at all", () => join(database.folder, "nowhere"), "cannot be read"],
];

describe("a changed bundle", () => {
  test.each(["suites", "task_specs", "variants", "runs", "slots", "episodes", "steps"])(
    "is found by its hashes when a byte of %s changes",
    async (table) => {
      const folder = changed(`${table}.jsonl`, (text) => text.replace("\n", " \n"), false);
      const { intact, problems } = await validated(folder);
      expect(intact).toBe(false);
      expect(problems).toEqual([
        { what: `${table}.jsonl`, detail: "its content is not what the manifest's hash says" },
      ]);
      expect((await said(submitCommand, ["validate", folder])).exitCode).toBe(7);
    },
  );

  test.each([
    ["episodes", "a score", (row: object) => ({ ...row, score: 0.999 })],
    ["episodes", "a lost episode", (row: object) => ({ ...row, outcome: "provider_error", score: null })],
    ["steps", "an action", (row: object) => ({ ...row, action: "check_status(cache)" })],
    ["slots", "a seed", (row: object) => ({ ...row, seed: 1_000_000 })],
    ["task_specs", "a task", (row: { spec?: object }) => ({ ...row, spec: { ...row.spec, load_jitter: 0.01 } })],
    ["variants", "a name", (row: object) => ({ ...row, model: "another" })],
    ["suites", "a suite", (row: { manifest?: object }) => ({ ...row, manifest: { ...row.manifest, more: 1 } })],
  ] as const)(
    "is found by the replay when %s hold %s that is not so, though every hash is right",
    async (table, _, change) => {
      const folder = changed(`${table}.jsonl`, firstLine(change), true);
      expect((await said(submitCommand, ["validate", folder])).exitCode).toBe(7);
    },
  );

  test.each(REFUSED)("is refused with %s", async (_, folder, message) => {
    await expect(said(submitCommand, ["validate", folder()])).rejects.toThrow(message);
  });

  test("with a file that does not belong to it is not intact", async () => {
    const folder = changed("events.jsonl", (text) => text, false);
    mkdirSync(join(folder, "more"));
    writeFileSync(join(folder, "run.sh"), "echo");
    const { intact, problems } = await validated(folder);
    expect(intact).toBe(false);
    expect(problems.map(({ what }) => what).toSorted()).toEqual(["more", "run.sh"]);
  });
});
