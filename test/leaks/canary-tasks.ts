import { createHash } from "node:crypto";
import type { Evidence, Suite, Task } from "../../env/core/task.ts";
import { coreSuite } from "../../tasks/index.ts";

/** Sixteen characters that no world contains by chance: a task id may hold letters and digits alone. */
const canary = (field: string): string =>
  `k${createHash("sha256")
    .update(`canary ${field}`)
    .digest("hex")
    .replace(/[^0-9]/g, "z")
    .slice(0, 15)}`;

/** A suite with a canary in every hidden field that holds text or a free number, and everything planted in it. */
export interface Planted {
  readonly suite: Suite;
  /** Known to the control plane from the start. */
  readonly control: readonly string[];
  /** Known to the verdict alone. */
  readonly hidden: readonly string[];
}

/** Plants canaries in every task of the suite that ships. Evidence then asks for what no observation holds. */
export function plantCanaries(): Planted {
  const hidden = new Set<string>();
  const ids: string[] = [];
  const plant = (field: string): string => {
    const planted = canary(field);
    hidden.add(planted);
    return planted;
  };
  const tasks = coreSuite.tasks.map((task, i): Task => {
    const id = canary(`${task.id} id`);
    const spec_version = 7_391_846_205_000_000 + 7919 * i;
    ids.push(id);
    hidden.add(`${spec_version}`);
    return {
      ...task,
      id,
      spec_version,
      narrow: false,
      source: plant(`${task.id} source`),
      siblings: task.siblings.map((sibling, s) => {
        const at = (field: string) => plant(`${task.id} ${s} ${field}`);
        return {
          ...sibling,
          needed: [...evidence(at), ...sibling.needed],
          accepted: [...sibling.accepted, { service: "cache", key: at("accepted key"), is: [at("accepted value")] }],
          fixes: [
            ...sibling.fixes,
            [{ type: "update_config", service: "cache", key: at("fix key"), value: at("fix value") }],
          ],
          distractors: [
            ...sibling.distractors,
            [{ type: "update_config", service: "cache", key: at("distractor key"), value: at("distractor value") }],
          ],
        };
      }),
    };
  });
  const suite: Suite = {
    name: canary("suite"),
    version: "1.0.0",
    tasks,
    splits: { train: tasks.map(({ id }) => id), dev: [], test: [] },
  };
  return { suite, control: [suite.name, ...ids], hidden: [...hidden] };
}

const evidence = (at: (field: string) => string): Evidence[] => [
  { kind: "metrics", service: "cache", rows: [at("row"), at("other row")], shows: "abnormal" },
  { kind: "logs", service: "database", line: at("line") },
  { kind: "config", service: "web_server", key: at("key") },
];

/** A seed that shows wherever it is written down. */
export const CANARY_SEED = 8_214_673_905_128_453;
