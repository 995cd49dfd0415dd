import type { JournalledSession, ResetEvent, SessionJournal, StepEvent } from "../../env/contract/journal.ts";
import type { Clock } from "../clock.ts";
import { EpisodeInPlay } from "./record.ts";
import type { End } from "./record.ts";
import type { ResultQueue } from "./result-queue.ts";

/** Keeps what outside clients play, as results under the name that they give their agent. */
export class RecordedEpisodes implements SessionJournal {
  readonly #queue: ResultQueue;
  readonly #clock: Pick<Clock, "now">;
  #stopping = false;
  readonly #inPlay = new Map<string, { readonly agent: string; readonly episode: EpisodeInPlay }>();

  constructor(queue: ResultQueue, clock: Pick<Clock, "now">) {
    this.#queue = queue;
    this.#clock = clock;
  }

  reset(session: JournalledSession, { turn }: ResetEvent): void {
    this.#break(session, "abandoned");
    this.#inPlay.set(session.id, { agent: session.agent, episode: new EpisodeInPlay(turn, this.#clock.now()) });
  }

  step({ id }: JournalledSession, event: StepEvent): void {
    const end = this.#inPlay.get(id)?.episode.add(event, this.#clock.now()) ?? null;
    if (end !== null) this.#finish(id, end);
  }

  abandoned(session: JournalledSession): void {
    this.#break(session, "harness_error");
  }

  resumable(): void {}

  closed(session: JournalledSession): void {
    this.#break(session, "abandoned");
  }

  /** From now on it is the server that cuts episodes short. */
  stopping(): void {
    this.#stopping = true;
  }

  /** Ends what is still in play. */
  cancel(): void {
    this.stopping();
    for (const id of this.#inPlay.keys()) this.#break({ id }, "cancelled");
  }

  /** An episode in which nothing was done is no attempt. */
  #break({ id }: Pick<JournalledSession, "id">, why: "abandoned" | "cancelled" | "harness_error"): void {
    const episode = this.#inPlay.get(id)?.episode;
    const outcome = this.#stopping ? "cancelled" : why;
    if (episode?.hasSteps) this.#finish(id, episode.broken(outcome, this.#clock.now()));
    else this.#inPlay.delete(id);
  }

  #finish(id: string, end: End): void {
    const played = this.#inPlay.get(id);
    if (played === undefined) return;
    this.#inPlay.delete(id);
    this.#queue.add(played.agent, played.episode, end);
  }
}
