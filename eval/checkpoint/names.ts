/** Where the checkpoints of a run stand in its folder. */
export const RUN_FILE = "run.json";
export const EPISODES_FOLDER = "episodes";

/** What names an attempt for people. */
export interface NamedAttempt {
  readonly taskId: string;
  readonly specHash: string;
  readonly trial: number;
  readonly variantLabel: string;
  readonly variantId: string;
  readonly attempt: number;
}

/** `episodes/inc-117.0.expert.1.json`: task, trial from 0, variant, attempt from 1. */
export const episodePath = (named: NamedAttempt): string =>
  `${EPISODES_FOLDER}/${[
    plainName(named.taskId, named.specHash),
    named.trial,
    plainName(named.variantLabel, named.variantId),
    named.attempt,
  ].join(".")}.json`;

/** Which attempt a file in the folder is about; null for a file that is no checkpoint. */
export function attemptOf(file: string): number | null {
  const attempt = Number(/^[^.]+\.\d+\.[^.]+\.([1-9]\d{0,5})\.json$/.exec(file)?.[1]);
  return Number.isNaN(attempt) ? null : attempt;
}

/** Lower case alone: on some file systems `A` and `a` are one file. */
const PLAIN = /^[a-z0-9][a-z0-9_-]{0,63}$/;

const ID_CHARS = 12;

/**
 * A name as part of a file's name. One that holds anything else than plain characters gets the beginning of its id
 * after a `+`, which no plain name has, so that two names never become one.
 */
export function plainName(name: string, id: string): string {
  if (PLAIN.test(name)) return name;
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9_]+/g, "-");
  return `${plain.slice(0, 40)}+${id.slice(0, ID_CHARS)}`;
}
