import { beginEpisode, firstObservation } from "../../env/core/episode.ts";
import type { Episode } from "../../env/core/episode.ts";
import { initial } from "../../env/core/initial.ts";
import type { Observation } from "../../env/core/observation.ts";
import { BUDGETS } from "../../env/core/task.ts";
import type { Task } from "../../env/core/task.ts";
import { readConfig, readHistory } from "../../env/core/telemetry/config.ts";
import { SERVICES } from "../../env/core/topology.ts";
import { coreSuite } from "../../tasks/index.ts";
import { commonest, NaiveBayes, nearest, onLogScale, tokensOf } from "./classifier.ts";
import type { Point, Sample } from "./classifier.ts";

/** Of ten seeds, this many are learnt from; the others are predicted. */
const TRAINED_OF_TEN = 7;
const isTrained = ({ seed }: { readonly seed: number }): boolean => seed % 10 < TRAINED_OF_TEN;

/** What an agent is shown when an episode begins, and the answer that it should not be able to read off it. */
interface PageSample extends Sample, Point {
  readonly task: string;
  readonly seed: number;
}

/** Ways to guess the answer from a page, learnt from samples that show the same things on purpose. */
const WAYS = {
  /** The best constant answer: the prior. */
  constant: (trained: readonly PageSample[]) => {
    const answer = commonest(trained.map((sample) => sample.answer));
    return () => answer;
  },
  words: (trained: readonly PageSample[]) => {
    const bayes = new NaiveBayes();
    for (const sample of trained) bayes.learn(sample);
    return ({ tokens }: PageSample) => bayes.predict(tokens);
  },
  numbers:
    (trained: readonly PageSample[]) =>
    ({ at }: PageSample) =>
      nearest(trained, at),
} as const;

/** Whichever way does best on a part of what is learnt from. */
function bestWay(trained: readonly PageSample[]) {
  const learnt = trained.filter(({ seed }) => seed % 3 > 0);
  const tried = trained.filter(({ seed }) => seed % 3 === 0);
  if (learnt.length === 0) return WAYS.constant(trained);
  const right = Object.values(WAYS).map((way) => {
    const guess = way(learnt);
    return { way, right: tried.filter((sample) => guess(sample) === sample.answer).length };
  });
  const [best] = right.toSorted((a, b) => b.right - a.right);
  return (best?.way ?? WAYS.constant)(trained);
}

export type Way = keyof typeof WAYS | "best";

/** How often each way to guess is right. */
export type Accuracy = Readonly<Record<Way, number>>;

export interface PageProbe {
  readonly all: Accuracy;
  readonly byTask: ReadonlyMap<string, Accuracy>;
  /** Pages that were predicted. */
  readonly tested: number;
}

/**
 * Probe 1: how well (service, fault) can be told from the first observation alone, beside the best constant answer
 * for the same red objectives, the same paged objective and the same budgets, which a page shows by design.
 * @param seeds seeds 0 … seeds − 1 of every task
 * @param show what an agent sees first; another than the real one plants a leak
 */
export function probePages(seeds: number, show: (episode: Episode) => Observation = firstObservation): PageProbe {
  const guesses: { readonly task: string; readonly right: Record<Way, boolean> }[] = [];
  for (const samples of samplesByDesign(seeds, show).values()) {
    const trained = samples.filter(isTrained);
    // What was never seen can only be missed, by every way alike.
    if (trained.length === 0) continue;
    const guess = {
      constant: WAYS.constant(trained),
      words: WAYS.words(trained),
      numbers: WAYS.numbers(trained),
      best: bestWay(trained),
    };
    for (const sample of samples) {
      if (isTrained(sample)) continue;
      const isRight = (way: Way) => guess[way](sample) === sample.answer;
      const right = {
        constant: isRight("constant"),
        words: isRight("words"),
        numbers: isRight("numbers"),
        best: isRight("best"),
      };
      guesses.push({ task: sample.task, right });
    }
  }
  const accuracy = (of: typeof guesses): Accuracy => {
    const share = (way: Way) => of.filter(({ right }) => right[way]).length / of.length;
    return { constant: share("constant"), words: share("words"), numbers: share("numbers"), best: share("best") };
  };
  const byTask = coreSuite.tasks.map(({ id }) => [id, accuracy(guesses.filter(({ task }) => task === id))] as const);
  return { all: accuracy(guesses), byTask: new Map(byTask), tested: guesses.length };
}

/** Samples by what a page shows on purpose. */
function samplesByDesign(seeds: number, show: (episode: Episode) => Observation): Map<string, PageSample[]> {
  const groups = new Map<string, PageSample[]>();
  for (const task of coreSuite.tasks) {
    const { steps } = BUDGETS[task.difficulty];
    for (let seed = 0; seed < seeds; seed += 1) {
      const episode = beginEpisode(task, seed, "telescoped", 1);
      const { redAtPage, sibling } = episode.instance;
      const group = `${steps}/${redAtPage}/${task.pages_on}`;
      const samples = groups.get(group) ?? [];
      groups.set(group, samples);
      const { slo, ...rest } = show(episode);
      const readings = Object.fromEntries(slo.map(({ name, current }) => [name, current]));
      samples.push({
        task: task.id,
        seed,
        tokens: tokensOf({ ...rest, ...readings }),
        at: slo.map(({ current }) => onLogScale(current)),
        answer: answerOf(sibling.diagnosis),
      });
    }
  }
  return groups;
}

const answerOf = ([first]: readonly { readonly service: string; readonly fault: string }[]): string =>
  `${first?.service}/${first?.fault}`;

/** Share of answers that configuration alone gives away. */
export interface ConfigProbe {
  /** In incidents that the classifier never met: what is wrong looks wrong. */
  readonly unseen: number;
  /** At other seeds of the incidents that it learnt by heart. */
  readonly seen: number;
  readonly byTask: ReadonlyMap<string, { readonly unseen: number; readonly seen: number }>;
  readonly tested: number;
}

/**
 * Probe 2: how well (service, fault) can be told from all configuration with all histories, and nothing else.
 * @param seeds seeds 0 … seeds − 1 of every task
 */
export function probeConfigs(seeds: number): ConfigProbe {
  const all = coreSuite.tasks.map((task) => {
    const samples = configsOf(task, seeds);
    return { id: task.id, trained: samples.filter(isTrained), tested: samples.filter((one) => !isTrained(one)) };
  });
  const bayes = new NaiveBayes();
  const accuracy = (samples: readonly Sample[]) =>
    samples.filter(({ tokens, answer }) => bayes.predict(tokens) === answer).length / samples.length;
  for (const { trained } of all) for (const sample of trained) bayes.learn(sample);
  const byTask = all.map(({ id, trained, tested }) => {
    const seen = accuracy(tested);
    for (const sample of trained) bayes.forget(sample);
    const unseen = accuracy(tested);
    for (const sample of trained) bayes.learn(sample);
    return [id, { unseen, seen }] as const;
  });
  const mean = (part: "unseen" | "seen") => byTask.reduce((sum, [, one]) => sum + one[part], 0) / byTask.length;
  return {
    unseen: mean("unseen"),
    seen: mean("seen"),
    byTask: new Map(byTask),
    tested: all.reduce((sum, { tested }) => sum + tested.length, 0),
  };
}

function configsOf(task: Task, seeds: number): (Sample & { readonly seed: number })[] {
  return Array.from({ length: seeds }, (_, seed) => {
    const { instance, state } = initial(task, seed);
    const tokens = SERVICES.flatMap((service) =>
      readConfig(instance, state, service).keys.flatMap(({ key, value }) => {
        const path = `${service}.${key}`;
        const { revisions } = readHistory(instance, state, service, key);
        const changes = revisions.map(({ at, actor, from, to }) => ({
          age_minutes: Math.round((pageTime(instance.pageSeconds) - Date.parse(at)) / 60_000),
          actor,
          from,
          to,
        }));
        return [`${path}#${changes.length}`, ...tokensOf(value, path), ...tokensOf(changes, path)];
      }),
    );
    return { seed, tokens, answer: answerOf(instance.sibling.diagnosis) };
  });
}

const pageTime = (pageSeconds: number): number => Date.parse("2031-01-01T00:00:00Z") + 1000 * pageSeconds;
