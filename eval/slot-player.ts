import { StoreError } from "../env/store/errors.ts";
import type { Lease } from "../env/store/queue.ts";
import type { FinishedEpisode } from "../env/store/store.ts";
import type { Tell } from "./answers.ts";
import { attempt, brokenAttempt } from "./attempt.ts";
import type { Attempted } from "./attempt.ts";
import type { Hold } from "./hold.ts";
import type { Lane } from "./lanes.ts";
import type { Plan, PlannedSlot } from "./plan.ts";
import type { Players } from "./players.ts";
import type { BudgetRule } from "./provider/budget.ts";
import type { HaltRule } from "./provider/halt.ts";
import type { RunDeps, RunRules } from "./run.ts";
import type { Standing } from "./standing.ts";

export interface SlotPlayerOptions {
  readonly plan: Plan;
  readonly deps: RunDeps;
  readonly rules: RunRules;
  readonly players: Players;
  readonly hold: Hold;
  readonly halts: HaltRule;
  readonly budget: BudgetRule;
  readonly standing: Standing;
  readonly tell: Tell;
}

const MOST_UNWRITTEN = 128;

/** Plays the slots of a run one by one, for as long as nothing speaks against it. */
export class SlotPlayer {
  readonly #options: SlotPlayerOptions;
  readonly #slots: ReadonlyMap<string, PlannedSlot>;
  /** Aborted when an agent turns out to be none. */
  readonly #hopeless = new AbortController();
  readonly #signal: AbortSignal;
  /** Episodes that are stored and have no file yet. */
  #unwritten = 0;

  constructor(options: SlotPlayerOptions) {
    this.#options = options;
    this.#slots = new Map(options.plan.slots.map((slot) => [slot.slotId, slot]));
    this.#signal = AbortSignal.any([options.deps.stops.signal, this.#hopeless.signal]);
  }

  /** Plays the next slot of a lane. False when there is none, or none may begin. */
  async playNext(lane: Lane): Promise<boolean> {
    const { hold, budget } = this.#options;
    await hold.beat();
    if (!(await this.#mayBegin(lane))) return false;
    const lease = await this.#claim(lane);
    if (lease === null) return false;
    if (lane.endpoint === null) await this.#play(lease);
    else await this.#playWithin(budget, lease);
    return true;
  }

  /** Opens slots that a provider spoilt once more, unless their endpoint is given up. Returns how many. */
  async reopenSpoilt(): Promise<number> {
    const { deps, players, hold, halts, standing } = this.#options;
    const open = standing.spoilt.filter((slotId) => {
      const slot = this.#slots.get(slotId);
      const endpoint = slot === undefined ? null : players.endpointOf(slot.variant);
      return endpoint === null || halts.haltOf(endpoint) === null;
    });
    if (deps.stops.isWanted || hold.isLost || open.length === 0) return 0;
    return (await deps.jobs.enqueue(open)).added;
  }

  /** Null: nothing is left, or the run is another process's by now. */
  async #claim(lane: Lane): Promise<Lease | null> {
    const { plan, deps, hold } = this.#options;
    const variantIds = lane.variants.map(({ id }) => id);
    const at = deps.clock.now();
    try {
      const [lease] = await deps.jobs.claim({ runId: plan.runId, worker: hold.token, variantIds, max: 1, at });
      return lease ?? null;
    } catch (error) {
      if (!(error instanceof StoreError && error.code === "LEASE_LOST")) throw error;
      hold.lose();
      return null;
    }
  }

  async #playWithin(budget: BudgetRule, lease: Lease): Promise<void> {
    budget.episodeStarted();
    budget.episodeEnded(await this.#play(lease));
  }

  async #play({ slot: { slotId }, episodeId }: Lease): Promise<FinishedEpisode> {
    const { plan, deps, hold, standing } = this.#options;
    const slot = this.#slots.get(slotId);
    if (slot === undefined) throw new Error(`Run ${plan.runId} has a slot that its plan does not: ${slotId}.`);
    const attempted = await this.#attempt(slot, episodeId);
    if (attempted.output !== null) deps.onOutput?.(episodeId, attempted.output);
    if ((await deps.store.commitEpisode(attempted.episode)) === "lease_lost") {
      hold.lose();
      return attempted.episode;
    }
    await this.#writeFile(episodeId);
    if (attempted.hopeless) this.#hopeless.abort(attempted.error);
    standing.ended(slot, attempted);
    await this.#haltIfDue(slot, attempted);
    return attempted.episode;
  }

  /** Files follow the database at their own pace, but not at any distance. */
  async #writeFile(episodeId: string): Promise<void> {
    const { plan, deps } = this.#options;
    this.#unwritten += 1;
    const written = (deps.checkpoints?.episodeEnded(plan.runId, episodeId) ?? Promise.resolve()).finally(() => {
      this.#unwritten -= 1;
    });
    if (this.#unwritten > MOST_UNWRITTEN) await written;
  }

  async #mayBegin(lane: Lane): Promise<boolean> {
    const { deps, hold, halts } = this.#options;
    deps.stops.look();
    if (deps.stops.isWanted || hold.isLost || this.#hopeless.signal.aborted) return false;
    if (lane.endpoint === null) return true;
    return halts.haltOf(lane.endpoint) === null && !(await this.#isOverBudget());
  }

  async #isOverBudget(): Promise<boolean> {
    const { plan, deps, budget, standing } = this.#options;
    const stop = budget.stopBeforeNext();
    if (stop === null) return false;
    if (standing.overBudget(stop)) {
      await deps.store.addEvent({ runId: plan.runId, at: deps.clock.now(), type: "budget", data: { ...stop } });
      deps.onBudget?.(stop);
    }
    return true;
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

  /** Nothing more is sent to an endpoint that keeps failing; the variants of others play on. */
  async #haltIfDue({ variant }: PlannedSlot, { episode, fatal }: Attempted): Promise<void> {
    const { plan, deps, players, halts, standing } = this.#options;
    const endpointKey = players.endpointOf(variant);
    if (endpointKey === null) return;
    const { outcome } = episode;
    const error = outcome === "provider_error" ? { fatal, message: episode.errorDetail ?? "" } : null;
    const halt = halts.episodeEnded({ endpointKey, outcome, error });
    if (halt === null) return;
    const stopped = { variants: players.variantsAt(endpointKey), reason: halt.detail };
    standing.halted(stopped);
    const data = { ...stopped, endpoint: endpointKey, rule: halt.reason };
    await deps.store.addEvent({ runId: plan.runId, at: deps.clock.now(), type: "halt", data });
    deps.onHalt?.(stopped);
  }
}
