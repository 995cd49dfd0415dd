import type { EpisodeEntry, EpisodeFilter, FinishedEpisode, RunEventRecord, StepRecord } from "./episode-records.ts";
import type { GateChange, GateRules, Hold, TakeMoment } from "./gate.ts";
import type {
  NewRun,
  NewSlot,
  NewSuite,
  RunAmendment,
  RunOwner,
  RunRecord,
  RunStop,
  SlotRecord,
  SlotState,
  SuiteRecord,
  TaskSpecRecord,
  VariantIdentity,
  VariantRecord,
} from "./plan-records.ts";
import type { PlayedEpisode, PlayedEpisodes } from "./played.ts";
import type { CallEnd, CallFilter, GateRecord, NewCall, ProviderCallRecord } from "./provider-records.ts";

export type * from "./episode-records.ts";
export type * from "./gate.ts";
export type * from "./plan-records.ts";
export type { PlayedEpisode, PlayedEpisodes } from "./played.ts";
export type * from "./provider-records.ts";

/**
 * Where results are kept. Asynchronous even over a synchronous engine, so that a database on another machine can take
 * its place. Methods reject with a StoreError. What has been acknowledged is durable. Lists come in a stated order.
 */
export interface ResultStore {
  /** Stores a planned run, and its suite unless known. Rejects with RUN_EXISTS or SUITE_CHANGED. */
  createRun(run: NewRun, suite: NewSuite): Promise<void>;
  /** `running` from now on, whether for the first time or again. */
  startRun(runId: string, at: number): Promise<void>;
  /**
   * Nobody holds it any more. With a token only while that process holds it: false when it is another's by now, and then
   * nothing has changed. Rejects with NOT_FOUND.
   */
  finishRun(runId: string, stop: RunStop, token?: string): Promise<boolean>;
  /**
   * Takes a run for one process. Refused while another holds it, unless that is the one that the claim replaces: whether
   * a holder is dead is the caller's judgement, and only one of several who judge so gets the run. Rejects with NOT_FOUND.
   */
  holdRun(runId: string, claim: HoldClaim): Promise<HeldRun | RefusedHold>;
  /** Tells that the holder is alive. False when the run is another's by now. */
  beatRun(runId: string, token: string, at: number): Promise<boolean>;
  /**
   * After the death of a process: attempts that run become `abandoned` and their slots pending, calls in flight become
   * lost. Returns how many of each. Rejects with NOT_FOUND.
   */
  recoverRun(runId: string, at: number): Promise<{ episodes: number; calls: number }>;
  /** What a run plays has grown: its filter, trials and fingerprint are now these. Rejects with NOT_FOUND. */
  amendRun(runId: string, amendment: RunAmendment): Promise<void>;
  /** Takes slots out of a run that were never played; those that were are kept, others are passed over. */
  dropSlots(runId: string, slotIds: readonly string[]): Promise<{ dropped: number; kept: number }>;
  /** These slots first, in this order, then the others in theirs: ordinals from 0. Rejects with NOT_FOUND. */
  orderSlots(runId: string, slotIds: readonly string[]): Promise<void>;
  /** Adds what the run does not have yet; idempotent. Variants and tasks that the slots name must be stored or given. */
  plan(runId: string, plan: RunPlan): Promise<{ added: number; already: number }>;
  /** Takes a pending slot, for one attempt at a time. Rejects with NOT_FOUND. */
  startEpisode(slotId: string, at: number): Promise<StartedEpisode | SlotTaken>;
  /**
   * Outcome and all steps, or nothing; the first commit of an attempt wins. The slot becomes scored or unscored.
   * `lease_lost`: another process has taken the run over and abandoned the attempt.
   */
  commitEpisode(episode: FinishedEpisode): Promise<"inserted" | "duplicate" | "lease_lost">;
  /** An unscored slot is pending again; its attempts stay. False when it was not unscored. Rejects with NOT_FOUND. */
  reopenSlot(slotId: string): Promise<boolean>;
  /**
   * Stores attempts that were played without asking for a slot first, all of them or none. Returns those whose slot had
   * been scored before; nothing is stored of them.
   */
  recordEpisodes(runId: string, played: PlayedEpisodes): Promise<PlayedEpisode[]>;
  addEvent(event: RunEventRecord): Promise<void>;
  /**
   * Takes a permit for a call that is about to be sent, or says what holds it up. Permit and call row are one
   * transaction, so that all processes together keep the rules. What the breaker does becomes an event of the run.
   */
  takePermit(call: NewCall, rules: GateRules, moment: TakeMoment): Promise<Permit | Held>;
  /** Ends the call of a permit and tells the gate. A call that has ended already, or is lost, stays as it is. */
  settlePermit(permit: Permit, rules: GateRules, end: CallEnd): Promise<Settled>;
  /** Marks what a run has in flight as lost, when its process has died. Returns how many calls that were. */
  loseCalls(runId: string): Promise<number>;

  /** The newest first. */
  runs(): Promise<RunRecord[]>;
  run(runId: string): Promise<RunRecord | null>;
  latestRun(): Promise<RunRecord | null>;
  suite(suite: string, version: string): Promise<SuiteRecord | null>;
  /** Those with a slot in the run, by label. */
  variants(runId: string): Promise<VariantRecord[]>;
  /** Those with a slot in the run, by task id. */
  taskSpecs(runId: string): Promise<TaskSpecRecord[]>;
  /** In the order of play. */
  slots(runId: string, state?: SlotState): Promise<SlotRecord[]>;
  /** Oldest run first, then in the order of play, then by attempt. Attempts that still run are among them. */
  episodes(filter?: EpisodeFilter): Promise<EpisodeEntry[]>;
  /** In the order taken; none for an unknown episode. */
  steps(episodeId: string): Promise<StepRecord[]>;
  /** In the order added. */
  events(runId: string): Promise<RunEventRecord[]>;
  /** In the order sent. Calls that are in flight or lost are among them. */
  calls(filter?: CallFilter): Promise<ProviderCallRecord[]>;
  /** Null before the first call to an endpoint. */
  gate(endpointKey: string): Promise<GateRecord | null>;

  /**
   * With its slots, episodes, steps and events; suites, tasks and variants stay. Calls stay too, without the run: what
   * was sent counts against the endpoint's limits all the same. False when there was none.
   */
  deleteRun(runId: string): Promise<boolean>;
  /** Whether the last write went through and the file can be read. Never rejects. */
  health(): Promise<{ ok: boolean; detail?: string }>;
  /** Calls after it reject with CLOSED, but for `close` and `health`. */
  close(): Promise<void>;
}

/** What a run plays. */
export interface RunPlan {
  readonly variants: readonly VariantIdentity[];
  readonly taskSpecs: readonly TaskSpecRecord[];
  readonly slots: readonly NewSlot[];
}

/** Who wants to hold a run. */
export interface HoldClaim {
  readonly owner: RunOwner;
  readonly at: number;
  /** Token of the holder that is taken to be dead; null: only a run that nobody holds. */
  readonly replaces: string | null;
}

export interface HeldRun {
  readonly status: "held";
}

export interface RefusedHold {
  readonly status: "refused";
  readonly owner: RunOwner;
  /** Epoch milliseconds. */
  readonly heartbeatAt: number;
}

/** The slot is the caller's until it commits. */
export interface StartedEpisode {
  readonly status: "started";
  readonly episodeId: string;
  /** Counts from 1. */
  readonly attempt: number;
}

/** The slot was not pending. */
export interface SlotTaken {
  readonly status: "taken";
  readonly state: SlotState;
}

/** A call that may be sent now, and has to be settled. */
export interface Permit {
  readonly status: "permitted";
  readonly callId: string;
  readonly endpointKey: string;
  /** The gate's, when the call began. */
  readonly epoch: number;
  /** Whether it tries if the endpoint is back. */
  readonly isProbe: boolean;
  /** Epoch milliseconds. */
  readonly sentAt: number;
}

/** What stands in the way of a call; nothing was stored of it. */
export interface Held {
  readonly status: "held";
  readonly holds: readonly Hold[];
}

/** What the end of a call did to the breaker; null when nothing. */
export interface Settled {
  readonly change: GateChange;
}
