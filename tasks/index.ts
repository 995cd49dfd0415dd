import { join } from "node:path";
import { SPLITS } from "../env/core/task.ts";
import type { Suite, Task } from "../env/core/task.ts";
import { importDefinition, incidentFiles } from "./load.ts";
import { splits } from "./splits.ts";

/** Every incident of the folder, by id; there is no list to keep. */
const files = await incidentFiles(join(import.meta.dirname, "incidents"));
const tasks = (await Promise.all(files.map(importDefinition))) as Task[];

/** The suite that ships. */
export const coreSuite: Suite = {
  name: "core",
  version: "1.0.0",
  tasks,
  splits: Object.fromEntries(
    SPLITS.map((split) => [split, splits[split].filter((id) => tasks.some((task) => task.id === id))]),
  ) as Record<(typeof SPLITS)[number], string[]>,
};
