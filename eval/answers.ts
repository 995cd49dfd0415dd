import type { AgentContext, Reference } from "../agents/agent.ts";
import { alertKey } from "../agents/probes/knowledge.ts";
import type { Knowledge, KnownAnswer, Need } from "../agents/probes/knowledge.ts";
import { readTextForm } from "../env/core/actions/text.ts";
import { answerTo } from "../env/core/answer.ts";
import { drawAll } from "../env/core/draw.ts";
import { initial } from "../env/core/initial.ts";
import type { Names } from "../env/core/names.ts";
import { rngFor } from "../env/core/rng.ts";
import { redNames } from "../env/core/slo.ts";
import type { Task } from "../env/core/task.ts";
import { Tally } from "./tally.ts";

/** Many enough for every sibling to come; all are training seeds. */
const LEARNT_SEEDS = 200;
/** Stands for the training seed whose drawn values a memoriser remembers. */
const REMEMBERED_SEED = 0;

/** Gives an agent what its kind needs to know of the episode that it will play; nothing to those that need nothing. */
export type Tell = (need: Need | null, task: Task, seed: number) => Pick<AgentContext, "reference" | "knowledge">;

/**
 * Who tells.
 * @param tasks those that probes know the answers to
 * @param referenceFor the answer to one instance
 * @param seeds of each task, from 0, on which memorisers learn
 */
export function answersFrom(
  tasks: readonly Task[],
  referenceFor: (task: Task, seed: number) => Reference,
  seeds = LEARNT_SEEDS,
): Tell {
  const knowledgeFor = knowledgeOf(tasks, seeds);
  return (need, task, seed) => {
    if (need === null) return {};
    if (need === "reference") return { reference: referenceFor(task, seed) };
    return { knowledge: knowledgeFor(need, task, seed) };
  };
}

type TellKnowledge = (need: keyof Knowledge, task: Task, seed: number) => Partial<Knowledge>;

/** What must be learnt is learnt once, when it is first needed. */
function knowledgeOf(tasks: readonly Task[], seeds: number): TellKnowledge {
  let learnt: Learnt | null = null;
  return (need, task, seed) => {
    const { names } = initial(task, seed).instance;
    switch (need) {
      case "taskAnswers":
        return { taskAnswers: answersOf(task, names) };
      case "knownChanges":
        return { knownChanges: knownChanges(tasks.flatMap((known) => answersOf(known, names))) };
      case "keyTable":
        return { keyTable: keyTable(tasks.flatMap((known) => answersOf(known, names))) };
      case "alertAnswers":
        learnt ??= learnAlerts(tasks, seeds);
        return { alertAnswers: alertAnswers(learnt, names) };
    }
  };
}

/** The answer to every sibling of a task, the canonical one first, under the names of an episode. */
const answersOf = (task: Task, names: Names): KnownAnswer[] =>
  task.siblings.map((sibling) => answerTo(drawAll(sibling, rngFor(REMEMBERED_SEED, "strength", 0), names), names));

function knownChanges(answers: readonly KnownAnswer[]): KnownAnswer[] {
  const closes = new Tally();
  for (const { fix, close } of answers) for (const step of changesIn(fix)) closes.add(step, close);
  return closes.commonestKeys().map((step) => ({ fix: [step], close: closes.commonest(step)[0] as string }));
}

function keyTable(answers: readonly KnownAnswer[]): Record<string, string> {
  const closes = new Tally();
  for (const { fix, close } of answers) {
    for (const step of changesIn(fix)) {
      const read = readTextForm(step);
      if (!read.ok || read.type !== "update_config") continue;
      const { service, key } = read.fields as { service: string; key: string };
      closes.add(`${service}.${key}`, close);
    }
  }
  return Object.fromEntries(closes.keys().map((key) => [key, closes.commonest(key)[0] as string]));
}

const changesIn = (fix: KnownAnswer["fix"]): string[] => fix.filter((step) => typeof step === "string");

/** Which siblings were behind a set of red objectives, and how often. */
type Learnt = ReadonlyMap<string, readonly { readonly task: Task; readonly sibling: number; readonly times: number }[]>;

function learnAlerts(tasks: readonly Task[], seeds: number): Learnt {
  const learnt = new Map<string, { task: Task; sibling: number; times: number }[]>();
  for (const task of tasks) {
    for (let seed = 0; seed < seeds; seed += 1) {
      const { siblingIndex: sibling, redAtPage } = initial(task, seed).instance;
      const key = alertKey(redNames(redAtPage));
      const seen = learnt.get(key) ?? [];
      learnt.set(key, seen);
      const entry = seen.find((one) => one.task === task && one.sibling === sibling);
      if (entry === undefined) seen.push({ task, sibling, times: 1 });
      else entry.times += 1;
    }
  }
  return learnt;
}

/** What was learnt, under the names of an episode. Siblings with one and the same answer count together. */
function alertAnswers(learnt: Learnt, names: Names): Record<string, KnownAnswer[]> {
  const answers = new Tally();
  for (const [key, seen] of learnt) {
    for (const { task, sibling, times } of seen) {
      answers.add(key, JSON.stringify(answersOf(task, names)[sibling]), times);
    }
  }
  const learntFor = (key: string): KnownAnswer[] =>
    answers.commonest(key).map((text) => JSON.parse(text) as KnownAnswer);
  return Object.fromEntries(answers.keys().map((key) => [key, learntFor(key)]));
}
