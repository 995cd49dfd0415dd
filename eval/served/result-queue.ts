import type { Suite } from "../../env/core/task.ts";
import { StoreError } from "../../env/store/errors.ts";
import { variantId } from "../../env/store/identity.ts";
import type { NewRun, PlayedEpisode, ResultStore, TaskSpecRecord, VariantIdentity } from "../../env/store/store.ts";
import type { Clock } from "../clock.ts";
import { suiteRecord, taskSpec } from "../specs.ts";
import type { EpisodeInPlay, End } from "./record.ts";

/** What a queue needs from outside. */
export interface QueueDeps {
  readonly store: ResultStore;
  readonly suite: Suite;
  readonly clock: Pick<Clock, "now">;
  /** The run for what is played for the n-th time. */
  readonly runFor: (turn: number) => NewRun;
  /** Told when results cannot be saved, when they can again, and what is lost. */
  readonly report: (message: string) => void;
}

/** An attempt that waits to be stored. */
interface Waiting extends PlayedEpisode {
  /** How often the same was stored before, and this one; counts from 1. */
  turn: number;
  readonly variant: VariantIdentity;
  readonly spec: TaskSpecRecord;
}

/** Stored in one transaction, so that a slow disk is asked once for all of them. */
const LARGEST_BATCH = 50;
/** What a server keeps in memory while nothing can be saved; some 50 MB. */
const LONGEST_QUEUE = 5000;
/** After the first episode, others are waited for; in milliseconds. */
const GATHER_MS = 50;
/** Between two tries while nothing can be saved. */
const RETRY_MS = 1000;
/** How often the same incident is stored under the same name. */
const MOST_TURNS = 100;

/** Results on their way to the store, beside the play and never in its way. */
export class ResultQueue {
  readonly #deps: QueueDeps;
  readonly #waiting: Waiting[] = [];
  readonly #specs = new Map<string, TaskSpecRecord>();
  /** How many episodes of an agent and a task came before. */
  readonly #trials = new Map<string, number>();
  readonly #runs: string[] = [];
  #ordinal = 0;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();
  #failure: string | null = null;
  #lost = 0;
  #batch = LARGEST_BATCH;

  constructor(deps: QueueDeps) {
    this.#deps = deps;
  }

  /** False while results cannot be saved; what is played meanwhile waits. */
  get saving(): boolean {
    return this.#failure === null;
  }

  /** Takes an attempt that has ended. */
  add(agent: string, { taskId, seed, startedAt }: EpisodeInPlay, end: End): void {
    if (this.#waiting.length >= LONGEST_QUEUE) {
      this.#lost += 1;
      return;
    }
    const variant = external(agent);
    const spec = this.#spec(taskId);
    const key = JSON.stringify([agent, taskId]);
    const trial = this.#trials.get(key) ?? 0;
    this.#trials.set(key, trial + 1);
    const names = { variantId: variantId(variant), specHash: spec.specHash };
    this.#waiting.push({
      turn: 1,
      variant,
      spec,
      startedAt,
      end,
      slot: { ...names, seed, trial, ordinal: this.#ordinal },
    });
    this.#ordinal += 1;
    this.#writeIn(GATHER_MS);
  }

  /** Saves what is left, as far as that can be done now, and ends the runs. */
  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#writing;
    await this.#write(true);
    if (this.#timer !== null) clearTimeout(this.#timer);
    const { store, clock, report } = this.#deps;
    const unsaved = this.#waiting.length + this.#lost;
    if (unsaved > 0) report(`${unsaved} results were not saved.`);
    for (const runId of this.#runs) {
      // oxlint-disable-next-line no-await-in-loop
      await store.finishRun(runId, { status: "complete", at: clock.now() }).catch((error: Error) => {
        report(`Run ${runId} could not be ended: ${error.message}`);
      });
    }
  }

  #writeIn(ms: number): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#writing = this.#write(false);
    }, ms);
  }

  /** Batch by batch, with room for others in between, until nothing waits or nothing can be saved. */
  async #write(hurry: boolean): Promise<void> {
    while (this.#waiting.length > 0) {
      const [first] = this.#waiting;
      const batch = this.#waiting.filter(({ turn }) => turn === first?.turn).slice(0, this.#batch);
      try {
        await this.#save(batch); // oxlint-disable-line no-await-in-loop
      } catch (error) {
        if (this.#dropBroken(batch, error)) continue;
        this.#fail(error as Error);
        if (!hurry) this.#writeIn(RETRY_MS);
        return;
      }
      this.#batch = LARGEST_BATCH;
      this.#recover();
      if (!hurry) await new Promise((resolve) => setImmediate(resolve)); // oxlint-disable-line no-await-in-loop
    }
  }

  /** What was played before goes into the next run; what measured nothing is not stored beside what did. */
  async #save(batch: readonly Waiting[]): Promise<void> {
    const runId = await this.#run(batch[0]?.turn ?? 1);
    const variants = [...new Map(batch.map(({ slot, variant }) => [slot.variantId, variant])).values()];
    const taskSpecs = [...new Set(batch.map(({ spec }) => spec))];
    const again = new Set(await this.#deps.store.recordEpisodes(runId, { variants, taskSpecs, episodes: batch }));
    for (const played of batch) {
      const goesOn = again.has(played) && (played.end.score ?? null) !== null && played.turn < MOST_TURNS;
      if (goesOn) played.turn += 1;
      else this.#waiting.splice(this.#waiting.indexOf(played), 1);
    }
  }

  /** The run of this turn, made when it is first needed. */
  async #run(turn: number): Promise<string> {
    const known = this.#runs[turn - 1];
    if (known !== undefined) return known;
    const { store, suite, runFor, clock } = this.#deps;
    const run = runFor(turn);
    await store.createRun(run, suiteRecord(suite)).catch((error: StoreError) => {
      if (error.code !== "RUN_EXISTS") throw error; // made before the disk refused the rest
    });
    await store.startRun(run.runId, clock.now());
    this.#runs[turn - 1] = run.runId;
    return run.runId;
  }

  /** One attempt that no store takes must not keep the others from it: it is found, and given up. */
  #dropBroken(batch: readonly Waiting[], error: unknown): boolean {
    const code = error instanceof StoreError ? error.code : null;
    if (code !== "UNSTORABLE" && code !== "CONSTRAINT") return false;
    if (batch.length > 1) {
      this.#batch = 1;
      return true;
    }
    this.#waiting.splice(this.#waiting.indexOf(batch[0] as Waiting), 1);
    this.#batch = LARGEST_BATCH;
    this.#deps.report(`A result was not saved: ${(error as Error).message}`);
    return true;
  }

  #fail({ message }: Error): void {
    if (this.#failure === null) this.#deps.report(`Results cannot be saved, and wait: ${message}`);
    this.#failure = message;
  }

  #recover(): void {
    if (this.#failure === null) return;
    this.#failure = null;
    this.#deps.report(`Results are saved again.${this.#lost > 0 ? ` ${this.#lost} were not saved.` : ""}`);
    this.#lost = 0;
  }

  #spec(taskId: string): TaskSpecRecord {
    const known = this.#specs.get(taskId);
    if (known !== undefined) return known;
    const task = this.#deps.suite.tasks.find(({ id }) => id === taskId);
    if (task === undefined) throw new RangeError(`The suite has no task ${taskId}.`);
    const spec = taskSpec(this.#deps.suite, task);
    this.#specs.set(taskId, spec);
    return spec;
  }
}

/** An agent of which only its name is known. */
const external = (label: string): VariantIdentity => ({
  label,
  kind: "external",
  harness: "external",
  harnessVersion: "unknown",
  assisted: false,
  sampling: {},
});
