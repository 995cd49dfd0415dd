import type { Tell } from "./answers.ts";
import { attempt, brokenAttempt } from "./attempt.ts";
import type { Attempted } from "./attempt.ts";
import type { Plan, PlannedSlot } from "./plan.ts";
import type { Players } from "./players.ts";
import type { HaltRule } from "./provider/halt.ts";
import type { RunDeps, RunRules, RunSummary, StoppedVariants } from "./run.ts";

export interface SlotPlayerOptions {
  readonly plan: Plan;
  readonly deps: RunDeps;
  readonly rules: RunRules;
  readonly players: Players;
  readonly halts: HaltRule;
  readonly tell: Tell;
}

/** Plays the slots of a run one by one, and knows what has come of them so far. */
export class SlotPlayer {
  readonly #options: SlotPlayerOptions;
  /** Aborted when an agent turns out to be none. */
  readonly #hopeless = new AbortController();
  readonly #signal: AbortSignal;
  readonly #played = new Set<PlannedSlot>();
  /** Slots that a provider spoilt the last time they were played. */
  readonly #spoilt = new Set<PlannedSlot>();
  readonly #stopped: StoppedVariants[] = [];
  #errors = 0;

  constructor(options: SlotPlayerOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.deps.signal, this.#hopeless.signal]);
  }

  /** Plays a slot, unless it is taken, the run stops, or the slot's endpoint is given up. */
  async play(slot: PlannedSlot): Promise<void> {
    const { store, clock, onOutput } = this.#options.deps;
    if (!this.#isPlayable(slot)) return;
    const started = await store.startEpisode(slot.slotId, clock.now());
    if (started.status === "taken") return;
    const attempted = await this.#attempt(slot, started.episodeId);
    if (attempted.output !== null) onOutput?.(started.episodeId, attempted.output);
    await store.commitEpisode(attempted.episode);
    this.#note(slot, attempted);
    await this.#haltIfDue(slot, attempted);
  }

  /** Opens slots that a provider spoilt once more, unless their endpoint is given up; returns them. */
  async reopenSpoilt(): Promise<PlannedSlot[]> {
    const open: PlannedSlot[] = [];
    for (const slot of this.#spoilt) {
      if (this.#isPlayable(slot) && (await this.#options.deps.store.reopenSlot(slot.slotId))) open.push(slot);
    }
    return open;
  }

  summary(): RunSummary {
    const { plan, deps } = this.#options;
    const isHalted = this.#stopped.length > 0;
    return {
      runId: plan.runId,
      status: deps.signal.aborted ? "cancelled" : this.#errors > 0 ? "failed" : isHalted ? "halted" : "complete",
      done: this.#played.size,
      planned: plan.slots.length,
      errors: this.#errors,
      unscored: this.#spoilt.size,
      stopped: this.#stopped,
    };
  }

  #isPlayable({ variant }: PlannedSlot): boolean {
    const { players, halts } = this.#options;
    const endpoint = players.endpointOf(variant);
    return !this.#signal.aborted && (endpoint === null || halts.haltOf(endpoint) === null);
  }

  /** Whatever goes wrong around an episode is stored as what ended it. */
  async #attempt(slot: PlannedSlot, episodeId: string): Promise<Attempted> {
    try {
      return await this.#seated(slot, episodeId);
    } catch (error) {
      return brokenAttempt(error, episodeId, this.#options.deps.clock.now(), this.#signal);
    }
  }

  async #seated(slot: PlannedSlot, episodeId: string): Promise<Attempted> {
    const { plan, deps, rules, players, tell } = this.#options;
    const seat = await players.sit(slot.variant, episodeId);
    const patienceMs = seat.outside === null ? rules.patienceMs : undefined; // a program has a time limit of its own
    let isReusable = false;
    try {
      const attempted = await attempt({
        ...seat,
        slot,
        episodeId,
        baseSeed: plan.baseSeed,
        nearby: deps.nearby,
        tell,
        clock: deps.clock,
        signal: this.#signal,
        limits: { maxTokens: rules.maxEpisodeTokens, patienceMs },
        onStep: (step) => deps.onStep?.(slot, step),
      });
      isReusable = attempted.error === null;
      return attempted;
    } finally {
      await seat.leave(isReusable);
    }
  }

  #note(slot: PlannedSlot, attempted: Attempted): void {
    const { outcome, score, errorDetail } = attempted.episode;
    const { plan, deps } = this.#options;
    this.#played.add(slot);
    if (outcome === "provider_error") this.#spoilt.add(slot);
    else this.#spoilt.delete(slot);
    if (outcome === "harness_error") this.#errors += 1;
    if (attempted.hopeless) this.#hopeless.abort(attempted.error);
    deps.onEpisode?.({
      slot,
      outcome,
      score: score ?? null,
      done: this.#played.size,
      planned: plan.slots.length,
      error: errorDetail ?? null,
      stack: outcome === "harness_error" && attempted.error instanceof Error ? (attempted.error.stack ?? null) : null,
    });
  }

  /** Nothing more is sent to an endpoint that keeps failing; the variants of others play on. */
  async #haltIfDue({ variant }: PlannedSlot, { episode, fatal }: Attempted): Promise<void> {
    const { plan, deps, players, halts } = this.#options;
    const endpointKey = players.endpointOf(variant);
    if (endpointKey === null) return;
    const { outcome } = episode;
    const error = outcome === "provider_error" ? { fatal, message: episode.errorDetail ?? "" } : null;
    const halt = halts.episodeEnded({ endpointKey, outcome, error });
    if (halt === null) return;
    const stopped = { variants: players.variantsAt(endpointKey), reason: halt.detail };
    this.#stopped.push(stopped);
    const data = { ...stopped, endpoint: endpointKey, rule: halt.reason };
    await deps.store.addEvent({ runId: plan.runId, at: deps.clock.now(), type: "halt", data });
    deps.onHalt?.(stopped);
  }
}
