import { isRight } from "../../../env/core/right.ts";
import type { Remedy } from "../../../env/core/actions/index.ts";
import { IncidentEnv } from "../../../env/core/env.ts";
import { initial } from "../../../env/core/initial.ts";
import type { Instance } from "../../../env/core/initial.ts";
import type { FixStep, Task } from "../../../env/core/task.ts";
import type { Verdict } from "../../../env/core/verdict.ts";
import { actionJson, ACTIONS } from "../../../env/vector/actions/table.ts";
import type { TableAction } from "../../../env/vector/actions/table.ts";
import { Observer } from "../../../env/vector/features/observer.ts";
import { referenceFor } from "../../../tasks/reference.ts";
import { suiteOf } from "../../helpers.ts";

/** An episode that is played by indexes of the table alone. */
class TableEpisode {
  readonly #env: IncidentEnv;
  readonly #observer = new Observer();
  verdict: Verdict | null = null;

  constructor(task: Task, seed: number) {
    this.#env = new IncidentEnv(suiteOf(task));
    this.#observer.begin(this.#env.reset({ seed }).observation);
  }

  play(action: TableAction): void {
    if (this.verdict !== null) return;
    const { observation, info } = this.#env.step(actionJson(action, this.#observer.shown));
    this.#observer.see(observation);
    this.verdict = info.episode ?? null;
    if (observation.result.status === "invalid") throw new Error(`${action.text}: ${observation.result.message}`);
  }

  /** What an action would do to what is known now. */
  remedy(action: TableAction): Remedy {
    return actionJson(action, this.#observer.shown) as Remedy;
  }
}

/** Action of the table with this canonical text. */
function named(text: string): TableAction {
  const found = ACTIONS.find((action) => action.text === text);
  if (found === undefined) throw new Error(`The table has no ${text}.`);
  return found;
}

/**
 * The verdict on the reference answer of an instance, played through the table: the same looks, the closest of the
 * accepted values, the same patience. Null when a step of every reference fix is missing from the table.
 */
export function verdictThroughTable(task: Task, seed: number): Verdict | null {
  const { instance } = initial(task, seed);
  const { sibling } = instance;
  if (sibling.answer !== "fix") return playFix(task, seed, instance, []);
  for (const fix of sibling.fixes) {
    const verdict = playFix(task, seed, instance, fix);
    if (verdict?.mitigated && verdict.durable) return verdict;
  }
  return null;
}

function playFix(task: Task, seed: number, { sibling }: Instance, fix: readonly FixStep[]): Verdict | null {
  const episode = new TableEpisode(task, seed);
  const reference = referenceFor(task, seed);
  const looks = new Set([...reference.looks, ...configLooks(fix, typeof sibling.answer === "object")]);
  for (const look of looks) episode.play(named(look));
  for (const step of fix) {
    if ("wait" in step) for (let i = 0; i < step.wait; i += 1) episode.play(named(reference.verify));
    else {
      const action = actionFor(episode, step, (remedy) => isRight(sibling, remedy));
      if (action === null) return null;
      episode.play(action);
    }
  }
  if (sibling.answer === "fix") {
    for (let i = 0; i < Math.max(2, reference.patience); i += 1) episode.play(named(reference.verify));
  }
  episode.play(closeFor(sibling));
  return episode.verdict;
}

/** What has to be shown before the values of a fix can be named. */
const configLooks = (fix: readonly FixStep[], escalates: boolean): string[] => [
  ...(escalates ? ["inspect_config(web_server)"] : []),
  ...fix.flatMap((step) =>
    "key" in step && typeof step.value === "string" ? configLooksFor(step.service, step.key) : [],
  ),
];

const configLooksFor = (service: string, key: string): string[] => [
  `inspect_config(${service})`,
  ...(key.includes("token") ? ["inspect_config(web_server)", "inspect_config(cache)"] : []),
];

/** The accepted action nearest to a step of the reference fix. */
function actionFor(
  episode: TableEpisode,
  step: Exclude<FixStep, { wait: number }>,
  right: (remedy: Remedy) => boolean,
): TableAction | null {
  const far = (remedy: Remedy): number => {
    if (remedy.type !== "update_config" || step.type !== "update_config") return 0;
    if (typeof remedy.value !== "number" || typeof step.value !== "number") return remedy.value === step.value ? 0 : 1;
    return Math.abs(Math.log((1 + remedy.value) / (1 + step.value)));
  };
  const near = ACTIONS.filter(({ type }) => type === step.type)
    .map((action) => ({ action, remedy: episode.remedy(action) }))
    .filter(
      ({ remedy }) =>
        remedy.service === step.service && ("key" in step ? "key" in remedy && remedy.key === step.key : true),
    )
    .filter(({ remedy }) => right(remedy))
    .toSorted((a, b) => far(a.remedy) - far(b.remedy));
  return near[0]?.action ?? null;
}

function closeFor({ answer, diagnosis }: Instance["sibling"]): TableAction {
  if (typeof answer === "object") return named(`escalate(<web_server.${answer.escalate}_provider>)`);
  return named(`resolve_incident(${diagnosis[0]?.service}, ${diagnosis[0]?.fault})`);
}
