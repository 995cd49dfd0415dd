import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { slotId as idOfSlot } from "../../env/store/identity.ts";
import type { JobQueue } from "../../env/store/queue.ts";
import type { PlayedEpisode, ResultStore } from "../../env/store/store.ts";
import { checkedEpisode } from "./check-episode.ts";
import { EpisodeCheckpoint } from "./format.ts";
import type { RunCheckpoint } from "./format.ts";
import { attemptOf, EPISODES_FOLDER } from "./names.ts";
import { readCheckpoint } from "./read-file.ts";

/** A file that was left out of an import. */
export interface FileProblem {
  readonly file: string;
  readonly problem: string;
}

/** Episodes that are stored in one transaction. */
const BATCH = 50;

/** More attempts at one slot than any run makes. */
const MOST_ATTEMPTS = 1000;

/** The episodes of a run on their way from files into a store that has their slots. */
export class EpisodeImport {
  readonly #folder: string;
  readonly #store: ResultStore;
  readonly #jobs: Pick<JobQueue, "rerun">;
  readonly #checkpoint: RunCheckpoint;
  readonly #problems: FileProblem[] = [];
  /** Attempts at each slot that are stored or about to be. */
  #attempts = new Map<string, number>();
  /** No two of one slot. */
  #batch: { readonly file: string; readonly slotId: string; readonly played: PlayedEpisode }[] = [];
  #stored = 0;

  constructor(folder: string, store: ResultStore, jobs: Pick<JobQueue, "rerun">, checkpoint: RunCheckpoint) {
    this.#folder = join(folder, EPISODES_FOLDER);
    this.#store = store;
    this.#jobs = jobs;
    this.#checkpoint = checkpoint;
  }

  async all(): Promise<{ readonly episodes: number; readonly problems: readonly FileProblem[] }> {
    const slots = await this.#store.slots(this.#checkpoint.run.runId);
    // An attempt that an earlier import had begun, and was cut off in, is ended now.
    const ended = slots.map(
      ({ slotId, attempts, state }) => [slotId, state === "running" ? attempts - 1 : attempts] as const,
    );
    this.#attempts = new Map(ended);
    for (const file of await this.#files()) await this.#take(file);
    await this.#flush();
    return { episodes: this.#stored, problems: this.#problems };
  }

  /** First attempts first, so that each slot gets its attempts in order. */
  async #files(): Promise<string[]> {
    const names = await readdir(this.#folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    });
    const checkpoints = names.filter((name) => attemptOf(name) !== null).toSorted();
    return checkpoints.toSorted((a, b) => (attemptOf(a) ?? 0) - (attemptOf(b) ?? 0));
  }

  async #take(file: string): Promise<void> {
    const read = await readCheckpoint(join(this.#folder, file), EpisodeCheckpoint);
    if (!read.isUsable) return this.#leaveOut(file, read.problem);
    const checked = checkedEpisode(read.content, this.#checkpoint);
    if (!checked.isUsable) return this.#leaveOut(file, checked.problem);
    const { slotId, attempt, isAbandoned, played } = checked.content;
    const before = this.#attempts.get(slotId) ?? 0;
    if (attempt !== attemptOf(file)) return this.#leaveOut(file, "its name is that of another attempt");
    if (attempt <= before) return;
    if (attempt > MOST_ATTEMPTS) return this.#leaveOut(file, `no slot has ${attempt} attempts`);
    this.#attempts.set(slotId, attempt);
    const isNext = attempt === before + 1 && !isAbandoned;
    if (!isNext || this.#batch.length >= BATCH || this.#batch.some((one) => one.slotId === slotId)) await this.#flush();
    // Attempts that are lost count as abandoned, so that this one keeps its number.
    for (let lost = before + 1; lost < attempt; lost += 1) await this.#abandon(slotId, played.startedAt);
    if (isAbandoned) {
      await this.#abandon(slotId, played.startedAt, played.end.endedAt);
      this.#stored += 1;
    } else {
      if (attempt > 1) await this.#jobs.rerun([slotId]);
      this.#batch.push({ file, slotId, played });
    }
  }

  async #abandon(slotId: string, startedAt: number, endedAt: number = startedAt): Promise<void> {
    await this.#jobs.rerun([slotId]);
    await this.#store.startEpisode(slotId, startedAt);
    await this.#store.recoverRun(this.#checkpoint.run.runId, endedAt);
  }

  async #flush(): Promise<void> {
    const { runId } = this.#checkpoint.run;
    const batch = this.#batch;
    this.#batch = [];
    if (batch.length === 0) return;
    const episodes = batch.map(({ played }) => played);
    const refused = await this.#store.recordEpisodes(runId, { variants: [], taskSpecs: [], episodes });
    const taken = new Set(refused.map(({ slot }) => idOfSlot(runId, slot)));
    this.#stored += batch.length - refused.length;
    for (const { file, slotId } of batch) if (taken.has(slotId)) this.#leaveOut(file, "its slot is taken");
  }

  #leaveOut(file: string, problem: string): void {
    this.#problems.push({ file, problem });
  }
}
