import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Agent } from "../../../agents/agent.ts";
import { localClient } from "../../../env/client/local.ts";
import type { Backend } from "../../../env/store/backend.ts";
import { openSqliteBackend } from "../../../env/store/sqlite/results.ts";
import { sha256 } from "../../../env/store/canonical.ts";
import { variantId } from "../../../env/store/identity.ts";
import type { CallEnd, GateRules, ResultStore, VariantIdentity } from "../../../env/store/store.ts";
import { systemClock } from "../../../eval/clock.ts";
import { makePlan } from "../../../eval/plan.ts";
import type { PlanRequest } from "../../../eval/plan.ts";
import { runPlan } from "../../../eval/run.ts";
import type { RunDeps, RunFacts } from "../../../eval/run.ts";
import { Stops } from "../../../eval/stops.ts";
import { readVariants } from "../../../eval/variants.ts";
import type { Variant } from "../../../eval/variants.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { referenceFor } from "../../../tasks/reference.ts";

/** Tasks of all kinds: a plain fix, a false alarm, one whose cause is outside. */
export const SOME_TASKS = ["inc-107", "inc-117", "inc-123"];

const FACTS: RunFacts = {
  versions: { suite: "core@1.0.0", env: "1.0.0", scoring: "1.0.0", node: process.versions.node },
  config: {},
  gitCommit: "0123456789abcdef0123456789abcdef01234567",
  gitDirty: false,
};

export interface PlayOptions extends Partial<Omit<PlanRequest, "tasks">> {
  readonly agents?: string;
  readonly taskIds?: readonly string[];
  readonly facts?: Partial<RunFacts>;
  readonly deps?: Partial<RunDeps>;
}

/** Plays a run through the harness into a store, as `oncall run` does. */
export async function playInto({ results: store, jobs }: Backend, options: PlayOptions = {}): Promise<string> {
  const { agents = "random,runbook,expert", taskIds = SOME_TASKS, facts, deps, ...request } = options;
  const plan = makePlan({
    runId: "20261120-120000-0001",
    suite: coreSuite,
    tasks: coreSuite.tasks.filter(({ id }) => taskIds.includes(id)),
    variants: readVariants(agents),
    trials: 1,
    baseSeed: 0,
    salt: "",
    ...request,
  });
  await runPlan(plan, { ...FACTS, ...facts }, 1, {
    store,
    jobs,
    clock: systemClock,
    connect: () => Promise.resolve(localClient(coreSuite)),
    referenceFor,
    stops: new Stops(),
    ...deps,
  });
  return plan.runId;
}

/** A shipped agent's place, taken by another. */
export const insteadOf = (label: string, create: () => Agent): Variant[] =>
  readVariants(label).map((variant) => ({ ...variant, agent: { ...variant.agent, create } }));

/** A stand-in for a language model, complete in its identity: the runbook plays under its name. */
export function modelVariant(label: string, changes: Partial<VariantIdentity> = {}): Variant {
  const [runbook] = readVariants("runbook") as [Variant];
  const identity: VariantIdentity = {
    ...runbook.identity,
    label,
    kind: "llm",
    harness: "tools",
    promptSha256: sha256("prompts"),
    model: label.slice(label.indexOf(":") + 1),
    modelVersion: "2026-04",
    deployment: "cloud",
    sampling: { temperature: 0 },
    ...changes,
  };
  return { ...runbook, id: variantId(identity), label, identity };
}

/** What one call to a provider came to; stored as the gate stores it, and settled. */
export interface StoredCall {
  readonly episodeId: string;
  readonly requestNo: number;
  readonly end: Partial<CallEnd>;
}

export async function addCalls(store: ResultStore, runId: string, calls: readonly StoredCall[]): Promise<void> {
  for (const { episodeId, requestNo, end } of calls) {
    const callId = `${episodeId}/${requestNo}`;
    const call = {
      callId,
      runId,
      episodeId,
      requestNo,
      attempt: 1,
      endpointKey: sha256("endpoint"),
      modelRequested: "x",
      waits: {},
    };
    const permit = await store.takePermit(call, NO_RULES, { at: requestNo * 1000, served: [], backoffMs: 0 });
    if (permit.status === "held") throw new Error("Expected a permit, got a hold.");
    await store.settlePermit(permit, NO_RULES, { state: "ok", finishedAt: requestNo * 1000 + 500, ...end });
  }
}

const NO_RULES: GateRules = {
  minIntervalMs: 0,
  rateLimit: 0,
  rateWindowMs: 60_000,
  breakerThreshold: 1000,
  breakerPauseMs: 0,
  maxInFlight: 1000,
  inFlightExpiryMs: 1000,
  maxRetryAfterMs: 0,
};

/** A database file in a folder of its own. */
export function newDatabase(): { readonly file: string; readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "oncall-read-"));
  return { file: join(folder, "oncall.db"), folder, remove: () => rmSync(folder, { recursive: true }) };
}

/** A database file that holds one played run. */
export async function playedDatabase(options: PlayOptions = {}) {
  const database = newDatabase();
  const backend = await openSqliteBackend(database.file);
  const store = backend.results;
  const runId = await playInto(backend, options);
  await store.close();
  return { ...database, runId };
}
