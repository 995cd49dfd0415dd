import type {
  EpisodeEntry,
  ResultStore,
  RunEventRecord,
  RunRecord,
  SlotRecord,
  SlotState,
  VariantRecord,
} from "../../env/store/store.ts";
import { SLOT_STATES } from "../../env/store/plan-records.ts";
import { isAlive } from "../owner.ts";
import type { Liveness } from "../owner.ts";
import type { PauseRequest } from "../provider/pause-file.ts";
import { groupBy } from "../report/group-by.ts";
import { endpointStatuses } from "./endpoints.ts";
import type { AgentCall, EndpointStatus } from "./endpoints.ts";
import { targetStatuses } from "./targets.ts";
import type { TargetStatus } from "./targets.ts";

/** A run as it stands, for people and programs. Times are epoch milliseconds. */
export interface RunStatus {
  readonly at: number;
  readonly run: Pick<
    RunRecord,
    "runId" | "name" | "status" | "reason" | "suite" | "suiteVersion" | "startedAt" | "endedAt"
  >;
  /** The process that plays it; null when none does. */
  readonly player: Player | null;
  readonly slots: Readonly<Record<SlotState, number>>;
  /** Null where nothing tells the pace, and when the run is not being played. */
  readonly etaMs: number | null;
  readonly targets: readonly TargetStatus[];
  readonly endpoints: readonly EndpointStatus[];
  /** What the pause file asks for. */
  readonly pause: PauseRequest;
  /** The latest last. */
  readonly events: readonly Omit<RunEventRecord, "runId">[];
}

export interface Player {
  readonly pid: number;
  readonly host: string;
  readonly heartbeatAt: number;
  readonly liveness: Liveness;
}

/** What a row is about. */
export type TargetKind = "agent" | "task";

export interface StatusOptions {
  readonly by: TargetKind;
  readonly pause: PauseRequest;
  /** Epoch milliseconds. */
  readonly now: number;
}

const LATEST_EVENTS = 5;

/** Reads how a run stands. Nothing is written, and no endpoint is asked. */
export async function readStatus(
  store: ResultStore,
  run: RunRecord,
  { by, pause, now }: StatusOptions,
): Promise<RunStatus> {
  const { runId, name, status, reason, suite, suiteVersion, startedAt, endedAt } = run;
  const variants = new Map((await store.variants(runId)).map((variant) => [variant.variantId, variant]));
  const tasks = new Map((await store.taskSpecs(runId)).map(({ specHash, taskId }) => [specHash, taskId]));
  const slots = await store.slots(runId);
  const attempts = await store.episodes({ runIds: [runId] });
  const events = await store.events(runId);
  const calls = await callsOf(store, attempts, variants);
  const running = new Set(attempts.flatMap(({ outcome, episodeId }) => (outcome === null ? [episodeId] : [])));
  const runningCalls = calls.flatMap(({ call }) => (running.has(call.episodeId ?? "") ? [call] : []));
  const progress = { slots, attempts, runningCalls, since: sittingSince(run, events), now };
  const agents = targetStatuses(progress, ({ variantId }) => variants.get(variantId)?.label ?? variantId);
  const targets = by === "agent" ? agents : targetStatuses(progress, ({ specHash }) => tasks.get(specHash) ?? specHash);
  return {
    at: now,
    run: { runId, name, status, reason, suite, suiteVersion, startedAt, endedAt },
    player: playerOf(run, now),
    slots: countsOf(slots),
    etaMs: status === "running" ? longest(agents) : null,
    targets,
    endpoints: status === "running" ? await endpointStatuses(store, { policy: policyOf(run, events) }, calls, now) : [],
    pause,
    events: events.slice(-LATEST_EVENTS).map(({ runId: _run, ...event }) => event),
  };
}

const countsOf = (slots: readonly SlotRecord[]): Record<SlotState, number> =>
  Object.fromEntries(
    SLOT_STATES.map((state) => [state, slots.filter((slot) => slot.state === state).length]),
  ) as Record<SlotState, number>;

/** Calls of the attempts that run, and of the last one of each agent that asks a model: they tell which endpoint it is. */
async function callsOf(
  store: Pick<ResultStore, "calls">,
  attempts: readonly EpisodeEntry[],
  variants: ReadonlyMap<string, VariantRecord>,
): Promise<AgentCall[]> {
  const ofModels = attempts.filter(({ variantId }) => variants.get(variantId)?.model != null);
  const latest = [...groupBy(ofModels, ({ variantId }) => variantId).values()].map((own) =>
    own.reduce((last, attempt) => (attempt.startedAt >= last.startedAt ? attempt : last)),
  );
  const telling = new Set([...ofModels.filter(({ outcome }) => outcome === null), ...latest]);
  const calls = await Promise.all(
    [...telling].map(async ({ episodeId, variantLabel }) =>
      (await store.calls({ episodeId })).map((call) => ({ agent: variantLabel, call })),
    ),
  );
  return calls.flat();
}

/** When the process that plays it began. */
const sittingSince = ({ startedAt, createdAt }: RunRecord, events: readonly RunEventRecord[]): number =>
  Math.max(startedAt ?? createdAt, ...events.flatMap(({ type, at }) => (type === "resume" ? [at] : [])));

/** As it was last changed. */
function policyOf({ policy }: RunRecord, events: readonly RunEventRecord[]): RunRecord["policy"] {
  const changed = events.findLast(({ type }) => type === "policy_changed")?.data["policy"];
  return typeof changed === "object" && changed !== null ? (changed as RunRecord["policy"]) : policy;
}

function playerOf({ status, owner, heartbeatAt }: RunRecord, now: number): Player | null {
  if (status !== "running" || owner === null) return null;
  const at = heartbeatAt ?? 0;
  return { pid: owner.pid, host: owner.host, heartbeatAt: at, liveness: isAlive(owner, at, now) };
}

/** Agents play side by side: the last one to end decides. */
function longest(agents: readonly TargetStatus[]): number | null {
  const etas = agents.map(({ etaMs }) => etaMs);
  return etas.includes(null) ? null : Math.max(0, ...etas.map((eta) => eta ?? 0));
}
