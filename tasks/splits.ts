import type { SplitName } from "../env/core/task.ts";

/** Which tasks are for training, tuning and testing; balanced by difficulty. Test tasks are never trained on. */
export const splits: Readonly<Record<SplitName, readonly string[]>> = {
  train: ["inc-117", "inc-121", "inc-127", "inc-128", "inc-131", "inc-137"],
  dev: ["inc-116", "inc-130"],
  test: ["inc-108", "inc-113"],
};
