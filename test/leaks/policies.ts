import { observationText } from "../../env/contract/text.ts";
import { sampleAction } from "../../env/contract/sample.ts";
import { act, beginEpisode, firstObservation } from "../../env/core/episode.ts";
import type { Observation } from "../../env/core/observation.ts";
import { rngFor, shuffled } from "../../env/core/rng.ts";
import { keysOf } from "../../env/core/services/config.ts";
import { BUDGETS } from "../../env/core/task.ts";
import type { Task } from "../../env/core/task.ts";
import { SERVICES } from "../../env/core/topology.ts";
import { referenceFor } from "../../tasks/reference.ts";

/** The actions of one episode; those beyond its end are not taken. */
export type Policy = (task: Task, seed: number) => readonly unknown[];

/** Anything that the catalogue accepts. */
const random: Policy = (task, seed) => {
  const rng = rngFor(seed, `leaks/${task.id}`, 0);
  return Array.from({ length: BUDGETS[task.difficulty].steps }, () => sampleAction(rng));
};

/** Every look there is at any service, in another order at every seed, as far as the budget goes. */
const inspectEverything: Policy = (task, seed) => {
  const looks = SERVICES.flatMap((service) => [
    ...["inspect_logs", "inspect_metrics", "check_status", "inspect_config"].map((type) => ({ type, service })),
    ...keysOf(service).map((key) => ({ type: "inspect_config", service, key })),
  ]);
  return shuffled(rngFor(seed, `looks/${task.id}`, 0), looks).slice(0, BUDGETS[task.difficulty].steps);
};

/** What the expert does, up to the close. */
const reference: Policy = (task, seed) => {
  const { looks, fix, verify, close } = referenceFor(task, seed);
  const changes = fix.flatMap((step) => (typeof step === "number" ? Array<string>(step).fill(verify) : [step]));
  return [...looks, ...changes, verify, verify, close];
};

export const policies: Readonly<Record<string, Policy>> = { random, inspectEverything, reference };

/** What an agent was shown, and the action that led to it; null after the reset. */
export interface Shown {
  readonly action: unknown;
  readonly observation: Observation;
  readonly text: string;
}

/** Everything that an episode shows. */
export function shownBy(task: Task, seed: number, actions: readonly unknown[]): Shown[] {
  const episode = beginEpisode(task, seed, "telescoped", 1);
  const first = firstObservation(episode);
  const shown: Shown[] = [{ action: null, observation: first, text: observationText(first) }];
  for (const action of actions) {
    if (episode.verdict !== null) break;
    const { observation } = act(episode, action);
    shown.push({ action, observation, text: observationText(observation) });
  }
  return shown;
}

/** Every text inside a value, names of fields aside. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
