import { EventEmitter, once } from "node:events";
import type { StepEvent } from "../../contract/journal.ts";
import type { ResetTurn, StepTurn } from "../../contract/turns.ts";
import { storableAction } from "../../contract/storable.ts";
import { badOption, EnvError } from "../../core/errors.ts";
import type { LiveSession } from "../../session/live-session.ts";
import type { Player } from "../../session/player.ts";
import type { RequestKeys } from "../../session/requests.ts";

/**
 * One episode with two sides: a guest who plays it over the network, and a host who began it and follows every step.
 * The guest's steps are carried out as they come; the host is given them one by one, in order.
 */
export class FollowedEpisode {
  readonly live: LiveSession;
  /** Carried out, and not yet taken note of by the host. */
  readonly #events: StepEvent[] = [];
  /** `done`: the guest did something. `noted`: the host knows it. */
  readonly #signs = new EventEmitter<{ done: []; noted: [] }>();
  #page: ResetTurn | null = null;
  #guestHasBegun = false;
  #broken: Error | null = null;

  constructor(live: LiveSession) {
    this.live = live;
  }

  // The host's side.

  /** Begins the episode; what the guest sees holds the observation as text, too. */
  reset({ seed, options }: { readonly seed?: number; readonly options?: object } = {}): ResetTurn {
    this.#page = this.live.reset({ ...options, seed, text: true });
    return withoutText(this.#page);
  }

  /** Waits for the guest's next action. Rejects with the signal's reason when it is aborted. */
  async next(signal: AbortSignal): Promise<{ readonly action: unknown }> {
    for (;;) {
      if (this.#broken !== null) throw this.#broken;
      const [event] = this.#events;
      if (event !== undefined) return { action: event.action };
      await this.#somethingDone(signal);
    }
  }

  /** What the action that `next` gave has come to. */
  step(): StepTurn {
    const event = this.#events.shift();
    if (event === undefined) throw new TypeError("Nothing was done in this episode that is not noted already.");
    this.#signs.emit("noted");
    return withoutText(event.turn);
  }

  /** The episode is gone for both sides. */
  close(): void {
    this.live.release();
  }

  // What happens in the session.

  took(event: StepEvent): void {
    this.#events.push(event);
    this.#signs.emit("done");
  }

  broke(error: Error): void {
    this.#broken ??= error;
    this.#signs.emit("done");
  }

  // The guest's side.

  /** Leads to the episode; gives no control over it. */
  get handle(): string {
    return this.live.handle;
  }

  /** Calls back once the host has taken note of all that was done: a guest's next frame waits for it. */
  whenNoted(then: () => void): void {
    if (this.#events.length === 0) then();
    else this.#signs.once("noted", () => this.whenNoted(then));
  }

  /** The episode as its guest plays it: one reset, which changes nothing. */
  get guest(): Player {
    return {
      reset: () => this.#begin(),
      step: (action: unknown, keys: RequestKeys = {}) => this.live.step(storableAction(action) ?? "", keys),
      state: () => this.live.state(),
      abandon: () => this.live.abandon(),
    };
  }

  #begin(): ResetTurn {
    if (this.#page === null) throw new EnvError("NOT_RESET");
    if (this.#guestHasBegun) throw badOption("This address leads to one incident, which has begun. Step, or exit.");
    this.#guestHasBegun = true;
    return this.#page;
  }

  async #somethingDone(signal: AbortSignal): Promise<void> {
    try {
      await once(this.#signs, "done", { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  }
}

/** As a host has it, who wants the data alone. */
function withoutText<Turn extends ResetTurn | StepTurn>(turn: Turn): Turn {
  const { text: _text, ...observation } = turn.observation;
  return { ...turn, observation };
}
