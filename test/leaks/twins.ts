import { faultSettings } from "../../env/core/settings.ts";
import type { Sibling, Task } from "../../env/core/task.ts";

/**
 * The same world under other labels: what is right, what counts as evidence, what was tried, where it comes from. Kept
 * are what the world is made of, the budgets, and the id, which is the key of a seed's draws. Both twins keep the same
 * keys at their defaults, and neither is checked for being sound at reset, because both look at fixes.
 */
export const twinsOf = (task: Task): readonly [Task, Task] => {
  const plain: Task = { ...task, narrow: false, keep: keysOf(task) };
  const other: Task = {
    ...plain,
    spec_version: task.spec_version + 1,
    rubric: [3, 3, 3, 2, 1, 1, 1, 1],
    source: "Another source",
    siblings: task.siblings.map(relabelled),
  };
  return [plain, other];
};

/** Whether an alert is false decides what pages, so that label is one of the world's. */
const relabelled = (sibling: Sibling): Sibling => ({
  ...sibling,
  diagnosis: [{ service: "external", fault: "dependency" }],
  answer: sibling.answer === "no_fault" ? "no_fault" : sibling.answer === "fix" ? { escalate: "cdn" } : "fix",
  needed: [
    { kind: "status", service: "message_queue", shows: "degraded" },
    { kind: "config", service: "cache", key: "snapshot_interval_s" },
  ],
  accepted: [{ restart: "load_balancer" }],
  fixes: [],
  distractors: [],
  recovery_ticks: sibling.recovery_ticks + 3,
  replay: !sibling.replay,
});

/** All keys that a definition names, and that therefore keep their defaults. */
const keysOf = (task: Task): Task["keep"] => [
  ...task.keep,
  ...task.siblings.flatMap((sibling) => [
    ...[...sibling.standing, ...faultSettings(sibling)].map(({ service, key }) => ({ service, key })),
    ...[...sibling.fixes, ...sibling.distractors]
      .flat()
      .flatMap((step) => ("key" in step ? [{ service: step.service, key: step.key }] : [])),
  ]),
];
