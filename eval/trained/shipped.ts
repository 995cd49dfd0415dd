import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { checkpointText, readCheckpoint } from "../../agents/rl/checkpoint.ts";
import type { SavedPolicy } from "../../agents/rl/checkpoint.ts";
import { replaceFile } from "../../agents/rl/save.ts";
import { layout } from "../../agents/rl/sight.ts";
import { trainFolder } from "../train/folder.ts";
import { readDuration } from "../train/duration.ts";
import type { Duration } from "../train/duration.ts";

/** Where the policies lie that ship, and how each was trained: checkpoint, log and figure under one name. */
export const SHIPPED_FOLDER = join(import.meta.dirname, "../../agents/rl/shipped");

/** A policy that ships. */
export interface ShippedPolicy {
  /** `second-stage` */
  readonly name: string;
  /** Of the checkpoint, from the root of the repository. */
  readonly path: string;
  readonly file: string;
  readonly saved: SavedPolicy;
  readonly training: Duration;
}

const SUFFIX = ".json";
const TIMES = ".times.json";

const filesOf = (name: string) => {
  const at = (suffix: string): string => join(SHIPPED_FOLDER, `${name}${suffix}`);
  return { checkpoint: at(SUFFIX), log: at(".csv"), figure: at(".svg"), times: at(TIMES) };
};

/** Every policy that ships, by name. */
export function shippedPolicies(): ShippedPolicy[] {
  const names = readdirSync(SHIPPED_FOLDER)
    .filter((file) => file.endsWith(SUFFIX) && !file.endsWith(TIMES))
    .map((file) => basename(file, SUFFIX));
  return names.toSorted().map((name) => {
    const { checkpoint: file, times } = filesOf(name);
    const path = `agents/rl/shipped/${name}${SUFFIX}`;
    const saved = readCheckpoint(readFileSync(file, "utf8"), layout, {}, path);
    return { name, path, file, saved, training: readDuration(times) };
  });
}

/**
 * Ships the best policy of a training: without what only further training needs, so a quarter as large, and with the
 * log and the figure.
 */
export function ship(folder: string, name: string): void {
  const { best, checkpoint, log, figure, times } = trainFolder(folder);
  const file = existsSync(best) ? best : checkpoint;
  const saved = readCheckpoint(readFileSync(file, "utf8"), layout, {}, file);
  const target = filesOf(name);
  const policy = { ...saved.policy, moments: null };
  replaceFile(
    target.checkpoint,
    checkpointText({ ...saved, policy, trainer: { ...saved.trainer, noveltyCounts: [] } }),
  );
  replaceFile(target.log, readFileSync(log, "utf8"));
  replaceFile(target.figure, readFileSync(figure, "utf8"));
  replaceFile(target.times, readFileSync(times, "utf8"));
}
