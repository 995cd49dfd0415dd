import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { SPLITS } from "../env/core/task.ts";
import type { Suite, Task } from "../env/core/task.ts";
import { splits } from "./splits.ts";

const folder = join(import.meta.dirname, "incidents");
const files = readdirSync(folder)
  .filter((file) => /\.[jt]s$/.test(file))
  .toSorted();

/** Every incident of the folder, by id; there is no list to keep. */
const tasks: Task[] = await Promise.all(
  files.map(async (file) => ((await import(pathToFileURL(join(folder, file)).href)) as { default: Task }).default),
);

/** The suite that ships. */
export const coreSuite: Suite = {
  name: "core",
  version: "1.0.0",
  tasks,
  splits: Object.fromEntries(
    SPLITS.map((split) => [split, splits[split].filter((id) => tasks.some((task) => task.id === id))]),
  ) as Record<(typeof SPLITS)[number], string[]>,
};
