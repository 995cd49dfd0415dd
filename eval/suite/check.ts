import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { suiteId, Task } from "../../env/core/task.ts";
import type { Suite } from "../../env/core/task.ts";
import { ENV_VERSION, SCORING_VERSION } from "../../env/core/version.ts";
import { firstDifference } from "./difference.ts";
import { definitionHash, FrozenSuite, frozenText, seal } from "./frozen.ts";
import type { ReferenceEpisode } from "./frozen.ts";
import { replayEpisode } from "./record.ts";

/** Something that is not as it was frozen. */
interface Difference {
  readonly what: "file" | "splits" | "definition" | "trajectory" | "rewards" | "version";
  /** Null where it is about the suite as a whole. */
  readonly task: string | null;
  readonly detail: string;
}

/** What a check found, and what it could not compare. */
export interface Checked {
  readonly suite: string;
  readonly differences: readonly Difference[];
  readonly notes: readonly string[];
}

/**
 * Compares a frozen suite with its own seal and hashes, with the suite in use if that has the same version, and with
 * what the environment does today: it plays every recorded trajectory again.
 */
export async function checkFrozen(file: string, inUse: Suite): Promise<Checked> {
  const suite = basename(file, ".json");
  const text = readFileSync(file, "utf8");
  const frozen = readFrozen(text);
  if (typeof frozen === "string") return { suite, differences: [whole("file", frozen)], notes: [] };

  const isInUse = suiteId(inUse) === suite;
  const versions = otherVersions(frozen);
  const differences = [
    ...changedDefinitions(frozen),
    ...(isInUse ? [...changedSince(frozen, inUse), ...versions.map((detail) => whole("version", detail))] : []),
  ];
  const broken = new Set(differences.map(({ task }) => task));
  if (frozen.manifest.env_version === ENV_VERSION) differences.push(...(await changedTrajectories(frozen, broken)));
  if (differences.length === 0) differences.push(...changedFile(suite, text, frozen));
  return { suite, differences, notes: isInUse ? [] : versions.map((detail) => `${detail}; not compared`) };
}

const whole = (what: Difference["what"], detail: string): Difference => ({ what, task: null, detail });

/** The frozen suite, or why it is none. */
function readFrozen(text: string): FrozenSuite | string {
  try {
    const read = FrozenSuite.safeParse(JSON.parse(text));
    if (read.success) return read.data;
    const [issue] = read.error.issues;
    return `${issue?.path.join(".")}: ${issue?.message}`;
  } catch (error) {
    return `it is not JSON: ${(error as Error).message}`;
  }
}

/** A change that nothing else found, down to white space. */
function changedFile(name: string, text: string, frozen: FrozenSuite): Difference[] {
  const id = `${frozen.name}@${frozen.version}`;
  if (id !== name) return [whole("file", `it holds ${id}, and is named ${name}`)];
  if (seal(frozen).sha256 !== frozen.sha256) return [whole("file", "its content does not match its seal")];
  return frozenText(frozen) === text ? [] : [whole("file", "its text is not as freezing writes it")];
}

function otherVersions({ manifest }: FrozenSuite): string[] {
  return [
    { what: "environment", frozen: manifest.env_version, now: ENV_VERSION },
    { what: "scoring", frozen: manifest.scoring_version, now: SCORING_VERSION },
  ]
    .filter(({ frozen, now }) => frozen !== now)
    .map(({ what, frozen, now }) => `frozen under ${what} version ${frozen}, this is ${now}`);
}

/** Definitions in the file that do not match their hash, or that the environment no longer understands. */
function changedDefinitions({ tasks, manifest }: FrozenSuite): Difference[] {
  const differences: Difference[] = [];
  for (const task of tasks) {
    const report = (detail: string) => void differences.push({ what: "definition", task: task.id, detail });
    const read = Task.safeParse(task);
    if (manifest.tasks[task.id] === undefined) report("it is not in the manifest");
    else if (manifest.tasks[task.id]?.spec_sha256 !== definitionHash(task)) report("it does not match its hash");
    else if (!read.success) report(`it is no longer understood: ${read.error.issues[0]?.path.join(".")}`);
  }
  const ids = tasks.map(({ id }) => id);
  const lost = Object.keys(manifest.tasks).filter((id) => !ids.includes(id));
  return [...differences, ...lost.map((task): Difference => ({ what: "definition", task, detail: "it is gone" }))];
}

/** What the suite in use defines otherwise than the frozen one of its version. */
function changedSince(frozen: FrozenSuite, inUse: Suite): Difference[] {
  const differences: Difference[] = [];
  const now = new Map(inUse.tasks.map((task) => [task.id, task]));
  for (const { id, ...definition } of frozen.tasks) {
    const read = Task.safeParse({ id, ...definition });
    if (!read.success) continue;
    const detail = now.has(id) ? firstDifference(read.data, now.get(id)) : "it is gone from the suite in use";
    if (detail !== null) differences.push({ what: "definition", task: id, detail });
    now.delete(id);
  }
  for (const id of now.keys()) differences.push({ what: "definition", task: id, detail: "it was added" });
  const splits = firstDifference(frozen.splits, inUse.splits);
  return splits === null ? differences : [...differences, whole("splits", splits)];
}

/** Trajectories that come out otherwise today; of one task, the first of each kind. */
async function changedTrajectories(frozen: FrozenSuite, broken: ReadonlySet<string | null>): Promise<Difference[]> {
  const differences: Difference[] = [];
  const tasks = frozen.tasks.filter(({ id }) => !broken.has(id)).map((task) => Task.parse(task));
  const suite: Suite = { ...frozen, tasks, splits: { train: tasks.map(({ id }) => id), dev: [], test: [] } };
  const sameScoring = frozen.manifest.scoring_version === SCORING_VERSION;
  for (const task of tasks) {
    const report = (what: "trajectory" | "rewards", { policy, seed }: ReferenceEpisode) => {
      if (differences.some((found) => found.task === task.id && found.what === what)) return;
      const version = what === "trajectory" ? "environment" : "scoring";
      const detail = `${policy} at seed ${seed} comes out otherwise; if that is meant, raise the ${version} version`;
      differences.push({ what, task: task.id, detail });
    };
    for (const episode of frozen.manifest.tasks[task.id]?.episodes ?? []) {
      const today = await replayEpisode(suite, task, episode);
      if (today.trajectory_sha256 !== episode.trajectory_sha256) report("trajectory", episode);
      else if (sameScoring && today.rewards_sha256 !== episode.rewards_sha256) report("rewards", episode);
    }
  }
  return differences;
}
