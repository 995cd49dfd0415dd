import { batchBytes, BatchBuffer } from "../batch.ts";

/** What a worker is asked to do. */
export const COMMANDS = { reset: 1, step: 2, end: 3 } as const;

/** Words of one worker: whole cache lines, so that two never write to the same one. */
const WORDS = 16;
/** Count of what was asked and of what is done, so that nothing is done twice. */
const [ASKED, DONE, COMMAND, BUFFER, BY_MESSAGE, ENDED, FAILED] = [0, 1, 2, 3, 4, 5, 6] as const;

/** Memory that the main thread and its workers share: words to call each other, actions, and two batches in turn. */
export interface SharedMemory {
  readonly words: SharedArrayBuffer;
  readonly actions: SharedArrayBuffer;
  readonly batches: readonly [SharedArrayBuffer, SharedArrayBuffer];
}

export const newSharedMemory = (numEnvs: number, workers: number): SharedMemory => ({
  words: new SharedArrayBuffer(4 * WORDS * workers),
  actions: new SharedArrayBuffer(2 * numEnvs),
  batches: [new SharedArrayBuffer(batchBytes(numEnvs)), new SharedArrayBuffer(batchBytes(numEnvs))],
});

export const batchesIn = ({ batches }: SharedMemory, numEnvs: number): readonly [BatchBuffer, BatchBuffer] => [
  new BatchBuffer(numEnvs, batches[0]),
  new BatchBuffer(numEnvs, batches[1]),
];

/** What was asked of a worker. */
export interface Call {
  readonly command: number;
  /** Which of the two batches it writes to. */
  readonly buffer: number;
  /** Whether actions or a reset come by message rather than in shared memory. */
  readonly byMessage: boolean;
}

/** One worker's words, seen from either side. */
export class Line {
  readonly #words: Int32Array;

  constructor({ words }: SharedMemory, worker: number) {
    this.#words = new Int32Array(words, 4 * WORDS * worker, WORDS);
  }

  /** Main thread: asks for something. */
  call({ command, buffer, byMessage }: Call): void {
    const words = this.#words;
    words[COMMAND] = command;
    words[BUFFER] = buffer;
    words[BY_MESSAGE] = byMessage ? 1 : 0;
    Atomics.add(words, ASKED, 1);
    Atomics.notify(words, ASKED);
  }

  /**
   * Main thread: waits until it is done.
   * @returns how many episodes ended; null when the worker failed, or gave no answer in time
   */
  result(limitMs: number): number | null {
    const words = this.#words;
    const asked = Atomics.load(words, ASKED);
    for (;;) {
      const done = Atomics.load(words, DONE);
      if (done === asked) return words[FAILED] === 1 ? null : (words[ENDED] as number);
      if (Atomics.wait(words, DONE, done, limitMs) === "timed-out") return null;
    }
  }

  /** Worker: waits for the next call. */
  next(): Call {
    const words = this.#words;
    const done = words[DONE] as number;
    while (Atomics.load(words, ASKED) === done) Atomics.wait(words, ASKED, done);
    return {
      command: words[COMMAND] as number,
      buffer: words[BUFFER] as number,
      byMessage: words[BY_MESSAGE] === 1,
    };
  }

  /** Worker: it is done. @param ended how many episodes ended; null when it failed */
  done(ended: number | null): void {
    const words = this.#words;
    words[ENDED] = ended ?? 0;
    words[FAILED] = ended === null ? 1 : 0;
    Atomics.add(words, DONE, 1);
    Atomics.notify(words, DONE);
  }
}

/** Plain JavaScript by which a worker that could not start says so; `words` and `worker` are what they are above. */
export const FAIL_SCRIPT = `
  const line = new Int32Array(words, ${4 * WORDS} * worker, ${WORDS});
  line[${FAILED}] = 1;
  while (Atomics.load(line, ${ASKED}) === Atomics.load(line, ${DONE})) Atomics.wait(line, ${ASKED}, line[${DONE}]);
  Atomics.add(line, ${DONE}, 1);
  Atomics.notify(line, ${DONE});
`;
