import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Reference } from "../../agents/agent.ts";
import { suiteId } from "../../env/core/task.ts";
import type { Suite, Task } from "../../env/core/task.ts";
import { ENV_VERSION, SCORING_VERSION } from "../../env/core/version.ts";
import { UsageError } from "../errors.ts";
import { specHash } from "../specs.ts";
import { definitionHash, FrozenSuite, frozenText, seal } from "./frozen.ts";
import { recordTask } from "./record.ts";

/** A suite as it will be frozen: definitions with every default filled in, and the digests that guard them. */
export async function freezeSuite(
  suite: Suite,
  referenceFor: (task: Task, seed: number) => Reference,
): Promise<FrozenSuite> {
  const tasks: FrozenSuite["manifest"]["tasks"] = {};
  for (const task of suite.tasks) {
    tasks[task.id] = { spec_sha256: specHash(task), episodes: await recordTask(suite, task, referenceFor) };
  }
  return seal({
    name: suite.name,
    version: suite.version,
    splits: { train: [...suite.splits.train], dev: [...suite.splits.dev], test: [...suite.splits.test] },
    manifest: { env_version: ENV_VERSION, scoring_version: SCORING_VERSION, tasks },
    tasks: structuredClone([...suite.tasks]),
  });
}

/** The file of a frozen suite in a folder. */
export const frozenFile = (folder: string, suite: Pick<Suite, "name" | "version">): string =>
  join(folder, `${suite.name}@${suite.version}.json`);

export type Written = "written" | "unchanged" | "digests renewed";

/**
 * Writes a frozen suite, whole or not at all. The definitions of a version never change; its digests are renewed only
 * under a new environment or scoring version.
 * @throws UsageError when another content is frozen under that version
 */
export function writeFrozen(folder: string, frozen: FrozenSuite): Written {
  const file = frozenFile(folder, frozen);
  const text = frozenText(frozen);
  const before = readIfThere(file);
  if (before === text) return "unchanged";
  if (before !== null) refuseChange(file, before, frozen);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
  return before === null ? "written" : "digests renewed";
}

const hashOf = ({ splits, tasks }: FrozenSuite): string => definitionHash({ splits, tasks });

function refuseChange(file: string, before: string, frozen: FrozenSuite): void {
  const id = suiteId({ ...frozen, tasks: [] });
  const refuse = (what: string): UsageError =>
    new UsageError(
      `${id} is frozen in ${file} with other ${what}. Give the suite a new version.`,
      "oncall suite check",
    );
  const old = FrozenSuite.safeParse(parsed(before));
  if (!old.success || old.data.sha256 !== seal(old.data).sha256) {
    throw new UsageError(`${file} was changed after it was frozen. Restore it first.`, "oncall suite check");
  }
  if (hashOf(old.data) !== hashOf(frozen)) throw refuse("definitions");
  const { env_version, scoring_version } = old.data.manifest;
  if (env_version === ENV_VERSION && scoring_version === SCORING_VERSION) {
    throw refuse("trajectories under the same environment and scoring version; raise one of these if that was meant");
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
