import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test, onTestFinished } from "vitest";
import { readConfig } from "../../env/server/config.ts";
import { serve } from "../../env/server/server.ts";
import type { Suite } from "../../env/core/task.ts";
import { checkFrozen } from "../../eval/suite/check.ts";
import { freezeSuite, frozenFile, writeFrozen } from "../../eval/suite/freeze.ts";
import { assertUntouched, frozenText, seal } from "../../eval/suite/frozen.ts";
import type { FrozenSuite } from "../../eval/suite/frozen.ts";
import { coreSuite } from "../../tasks/index.ts";
import { FROZEN_FOLDER, loadSuite } from "../../tasks/load.ts";
import { referenceFor } from "../../tasks/reference.ts";

const root = join(import.meta.dirname, "../..");
const example = join(root, "tasks/examples/my-incident.ts");
const acme: Suite = { ...(await loadSuite(example)).suite, name: "acme", version: "1.0.0" };
const frozen = await freezeSuite(acme, referenceFor);
const ID = "my-incident";

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

/** An empty folder; removed when the tests have ended. */
async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "oncall-suite-"));
  folders.push(folder);
  return folder;
}

/** A file of its own for one test that holds this text. */
async function fileOf(text: string): Promise<string> {
  const file = frozenFile(await scratch(), acme);
  await writeFile(file, text);
  return file;
}

/** The frozen suite with something else in it, sealed again as a careful forger would. */
function forged(change: (copy: FrozenSuite) => void): FrozenSuite {
  const copy = structuredClone(frozen);
  change(copy);
  return seal(copy);
}

const firstEpisode = (copy: FrozenSuite) => copy.manifest.tasks[ID]?.episodes[0] as { trajectory_sha256: string };

/** The frozen suite's text with every digest of one kind wrong. */
const spoilt = (field: "trajectory_sha256" | "rewards_sha256") =>
  frozenText(forged((copy) => copy.manifest.tasks[ID]?.episodes.forEach((one) => (one[field] = "0".repeat(64)))));

const differencesOf = async (text: string, inUse: Suite = acme) =>
  (await checkFrozen(await fileOf(text), inUse)).differences;

test("the suite that ships is as it was frozen", async () => {
  const file = frozenFile(FROZEN_FOLDER, coreSuite);
  expect(await checkFrozen(file, coreSuite)).toEqual({ suite: "core@1.0.0", differences: [], notes: [] });
});

describe("freezing", () => {
  test("writes what a check accepts and a loader reads, with every default filled in", async () => {
    const folder = await scratch();
    expect(writeFrozen(folder, frozen)).toBe("written");
    const file = frozenFile(folder, acme);
    expect(await checkFrozen(file, acme)).toEqual({ suite: "acme@1.0.0", differences: [], notes: [] });
    const { suite, document } = await loadSuite(file);
    expect(suite).toEqual(acme);
    expect(() => assertUntouched(file, document)).not.toThrow();
  });

  test("records each cause at two seeds, played by the expert and toured", () => {
    const { episodes } = frozen.manifest.tasks[ID] ?? { episodes: [] };
    expect(episodes.map(({ policy }) => policy)).toEqual(Array.from({ length: 4 }, () => ["expert", "tour"]).flat());
    expect(new Set(episodes.map(({ trajectory_sha256 }) => trajectory_sha256)).size).toBe(episodes.length);
    const toured = new Set(episodes.filter(({ policy }) => policy === "tour").flatMap(({ actions }) => actions));
    expect(toured.size).toBe(20);
  });

  test("once more changes nothing, and gives the same bytes", async () => {
    const folder = await scratch();
    writeFrozen(folder, frozen);
    expect(writeFrozen(folder, await freezeSuite(acme, referenceFor))).toBe("unchanged");
  });

  test("refuses other definitions under the same version, and takes them under a new one", async () => {
    const folder = await scratch();
    writeFrozen(folder, frozen);
    const other = forged((copy) => (copy.tasks[0] = { ...copy.tasks[0], id: ID, load_jitter: 0.01 }));
    expect(() => writeFrozen(folder, other)).toThrow(/acme@1\.0\.0 is frozen .* other definitions.* new version/);
    expect(writeFrozen(folder, seal({ ...other, version: "1.1.0" }))).toBe("written");
    expect(readFileSync(frozenFile(folder, acme), "utf8")).toBe(frozenText(frozen));
  });

  test("refuses other trajectories, but renews them under a new environment version", async () => {
    const folder = await scratch();
    writeFrozen(
      folder,
      forged((copy) => (firstEpisode(copy).trajectory_sha256 = "0".repeat(64))),
    );
    expect(() => writeFrozen(folder, frozen)).toThrow(
      /other trajectories under the same environment and scoring version/,
    );
    const older = forged((copy) => (copy.manifest.env_version = "0.9.0"));
    await writeFile(frozenFile(folder, acme), frozenText(older));
    expect(writeFrozen(folder, frozen)).toBe("digests renewed");
  });

  test("refuses to write over a file that was changed by hand", async () => {
    const folder = await scratch();
    await writeFile(frozenFile(folder, acme), frozenText({ ...frozen, name: "acne" }));
    expect(() => writeFrozen(folder, frozen)).toThrow(/was changed after it was frozen/);
  });
});

describe("a check", () => {
  const text = frozenText(frozen);

  test("fails on any one changed byte, in the version in use and in an old one", async () => {
    const later: Suite = { ...acme, version: "2.0.0" };
    const change = fc.tuple(fc.nat(text.length - 1), fc.constantFrom("0", "1", "a", "}", " ", '"'));
    await fc.assert(
      fc.asyncProperty(change, fc.boolean(), async ([at, byte], isOld) => {
        fc.pre(text[at] !== byte);
        const changed = text.slice(0, at) + byte + text.slice(at + 1);
        expect(await differencesOf(changed, isOld ? later : acme)).not.toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test("names the task whose definition does not match its hash", async () => {
    const changed = text.replace('"recovery_ticks": 8', '"recovery_ticks": 9');
    expect(await differencesOf(changed)).toContainEqual({
      what: "definition",
      task: ID,
      detail: "it does not match its hash",
    });
  });

  test("says what the suite in use defines otherwise", async () => {
    const [task] = acme.tasks;
    if (task === undefined) throw new TypeError("no task");
    const changed = {
      ...acme,
      tasks: [
        { ...task, load_jitter: 0.02 },
        { ...task, id: "new-one" },
      ],
    };
    const splits = { ...acme.splits, dev: ["new-one"] };
    expect(await differencesOf(text, { ...changed, splits })).toEqual([
      { what: "definition", task: ID, detail: "load_jitter: frozen as 0.03, now 0.02" },
      { what: "definition", task: "new-one", detail: "it was added" },
      { what: "splits", task: null, detail: 'dev[0]: frozen as absent, now "new-one"' },
    ]);
  });

  test("plays every trajectory again, and tells a changed world from a changed score", async () => {
    for (const [what, version] of [
      ["trajectory", "environment"],
      ["rewards", "scoring"],
    ] as const) {
      const detail = `expert at seed 0 comes out otherwise; if that is meant, raise the ${version} version`;
      expect(await differencesOf(spoilt(`${what}_sha256`))).toEqual([{ what, task: ID, detail }]);
    }
  });

  test("asks for new digests after a new environment version, and lets an old suite rest", async () => {
    const older = frozenText(forged((copy) => (copy.manifest.env_version = "0.9.0")));
    const told = expect.stringMatching(/^frozen under environment version 0\.9\.0, this is /) as string;
    expect(await differencesOf(older)).toEqual([{ what: "version", task: null, detail: told }]);
    const { differences, notes } = await checkFrozen(await fileOf(older), { ...acme, version: "2.0.0" });
    expect(differences).toEqual([]);
    expect(notes).toEqual([told]);
  });

  test("is made before a frozen suite is used", async () => {
    const file = await fileOf(text.replace('"recovery_ticks": 8', '"recovery_ticks": 9'));
    const { document } = await loadSuite(file);
    expect(() => assertUntouched(file, document)).toThrow(/was changed after it was frozen/);
  });
});

/** Runs the command line as a person would; both outputs and the exit code. */
function oncall(args: readonly string[], { env = {}, input = "" } = {}) {
  const child = spawn(process.execPath, ["--import", "tsx", "eval/cli/main.ts", ...args], {
    cwd: root,
    env: { ...process.env, ...env },
  });
  child.stdin.end(input);
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => void child.on("close", resolve));
  return { child, output, ended };
}

describe.concurrent("the command line", () => {
  const answersAndHints = /sibling|diagnosis|fault|fix|needed|distractor|rubric|narrow|source|answer/i;

  test("lists a private suite, given by variable, without answers or what hints at them", async () => {
    const { output, ended } = oncall(["tasks", "list", "--json"], { env: { ONCALL_SUITE: example } });
    expect(await ended).toBe(0);
    expect(JSON.parse(output.stdout)).toMatchObject([{ id: ID, difficulty: "medium", split: "train" }]);
    expect(output.stdout).not.toMatch(answersAndHints);
  });

  test("runs a private suite", async () => {
    const db = join(await scratch(), "oncall.db");
    const { output, ended } = oncall(["run", "--agents", "expert", "--suite", example, "--db", db, "--json"]);
    expect(await ended).toBe(0);
    expect(JSON.parse(output.stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({ done: 1, planned: 1 });
  });

  test("plays a private suite", async () => {
    const { output, ended } = oncall(["play", "--suite", example, "--seed", "1"], {
      input: "check_status(cache)\nquit\n",
    });
    expect(await ended).toBe(0);
    expect(output.stdout).toContain("check_status(cache)");
  });

  test("serves a private suite", async () => {
    const { suite } = await loadSuite(example);
    const server = await serve({ suite, config: readConfig({ flags: { port: 0 } }) });
    onTestFinished(() => server.close());
    const { description } = (await (await fetch(`${server.url}/metadata`)).json()) as { description: string };
    expect(description).toContain(`(${ID}@0.0.0-`);
  });

  test("says of an unsound incident what to change, with exit code 7", async () => {
    const file = join(await scratch(), `${ID}.json`);
    const task = structuredClone(acme.tasks[0]);
    await writeFile(
      file,
      JSON.stringify({ ...task, siblings: task?.siblings.map((one) => ({ ...one, fixes: one.distractors })) }),
    );
    const { output, ended } = oncall(["tasks", "validate", file, "--seeds", "2"]);
    expect(await ended).toBe(7);
    expect(output.stdout).toMatch(/my-incident cause 1: fix: restart database leaves .* \(2 of 2 seeds, first 0\)/);
    expect(output.stdout).toContain("fix: the fix must leave every objective green");
  });

  test("refuses a suite that cannot be used in a sentence, with exit code 2", async () => {
    const { output, ended } = oncall(["tasks", "list", "--suite", "no-such-suite"]);
    expect(await ended).toBe(2);
    expect(output.stderr).toMatch(/^error: no-such-suite: there is no such file or folder\. Expected/);
    expect(output.stderr).not.toContain("at ");
  });

  test("freezes, fails on one changed byte with exit code 7, and says loudly what is not frozen", async () => {
    const folder = await scratch();
    const freeze = oncall(["suite", "freeze", "--suite", example, "--folder", folder, "--seeds", "1"]);
    expect(await freeze.ended).toBe(0);
    const [, path = ""] = /written: (.*)\n/.exec(freeze.output.stdout) ?? [];
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace('"recovery_ticks": 8', '"recovery_ticks": 9'));
    const check = oncall(["suite", "check", "--folder", folder]);
    expect(await check.ended).toBe(7);
    expect(check.output.stdout).toContain(`${ID}: definition: it does not match its hash`);
    expect(check.output.stderr).toContain("WARNING: core@1.0.0 IS NOT FROZEN");
  });
});
