import { canonicalJson, sha256 } from "../env/store/canonical.ts";
import type { ResultStore } from "../env/store/store.ts";
import type { Clock } from "./clock.ts";
import { fingerprintFields } from "./fingerprint.ts";
import { everySlot } from "./plan.ts";
import type { Plan } from "./plan.ts";
import type { RunFacts } from "./run.ts";
import { suiteRecord, taskSpec } from "./specs.ts";

interface PlanDeps {
  readonly store: ResultStore;
  readonly clock: Clock;
}

/** Stores a run with all that it is to play. */
export async function storePlan(plan: Plan, facts: RunFacts, { store, clock }: PlanDeps): Promise<void> {
  const { runId, suite, trials, baseSeed, salt, split, fingerprint } = plan;
  await store.createRun(
    {
      runId,
      name: facts.name ?? null,
      createdAt: clock.now(),
      suite: suite.name,
      suiteVersion: suite.version,
      split,
      filter: filterOf(plan, facts),
      trials,
      baseSeed,
      saltSha256: salt === "" ? null : sha256(salt),
      fingerprint,
      config: facts.config,
      policy: facts.policy ?? {},
      prices: facts.prices ?? [],
      versions: facts.versions,
      gitCommit: facts.gitCommit,
      gitDirty: facts.gitDirty,
    },
    suiteRecord(suite),
  );
  await storeSlots(plan, store);
}

/** A run that died while it was planned gets what it lacks, and one that is to play more gets that. */
export async function storeAmended(plan: Plan, facts: RunFacts, { store, clock }: PlanDeps): Promise<void> {
  const { runId, trials, fingerprint } = plan;
  const stored = await store.run(runId);
  const isGrown = stored?.fingerprint !== fingerprint;
  if (!isGrown && stored?.status !== "planned") return;
  const { added } = await storeSlots(plan, store);
  if (!isGrown) return;
  await store.amendRun(runId, { filter: filterOf(plan, facts), trials, fingerprint });
  await store.addEvent({ runId, at: clock.now(), type: "targets_changed", data: { action: "add", changed: added } });
}

const storeSlots = ({ runId, suite, tasks, variants, slots }: Plan, store: ResultStore) =>
  store.plan(runId, {
    variants: variants.map(({ identity }) => identity),
    taskSpecs: tasks.map((task) => taskSpec(suite, task)),
    slots: slots.map(({ variant, specHash, trial, seed, ordinal }) => ({
      variantId: variant.id,
      specHash,
      seed,
      trial,
      ordinal,
    })),
  });

/** What was asked for, as it can be asked again, and what that is. */
const filterOf = (plan: Plan, { asked = [] }: Pick<RunFacts, "asked">) => ({
  asked,
  plays: fingerprintFields(plan),
  // By which a merge tells whether a shard is missing.
  ...(plan.shard === null ? {} : { slots: everySlot(plan.runId, plan).length }),
});

/** How providers are treated may change between two sittings, but not unnoticed. */
export async function noteNewPolicy({ runId }: Plan, facts: RunFacts, { store, clock }: PlanDeps): Promise<void> {
  const { policy = {}, prices = [] } = facts;
  const stored = await store.run(runId);
  const before = canonicalJson({ policy: stored?.policy ?? {}, prices: stored?.prices ?? [] });
  if (before === canonicalJson({ policy, prices })) return;
  await store.addEvent({ runId, at: clock.now(), type: "policy_changed", data: { policy, prices } });
}
