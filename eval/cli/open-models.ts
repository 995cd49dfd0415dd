import type { ResultStore } from "../../env/store/store.ts";
import { systemClock } from "../clock.ts";
import { runModels } from "../models.ts";
import type { ModelSources, RunModels } from "../models.ts";
import type { NamedModel } from "../provider/config.ts";
import { openConnections } from "../provider/connections.ts";
import { allKeys, loadKeys } from "../provider/keys.ts";
import { readPolicy, variableNotices } from "../provider/read-policy.ts";
import { redactor } from "../provider/redact.ts";
import { redactedStore } from "../provider/redacted-store.ts";
import type { Agents } from "./agent-options.ts";
import { note } from "./output.ts";
import { showLines } from "./run-view/lines.ts";

/** Models, the store into which none of their keys can be written, and how their providers are treated. */
export interface OpenedModels {
  readonly models: RunModels;
  readonly store: ResultStore;
  /** By name of the model. */
  readonly policy: Readonly<Record<string, unknown>>;
  readonly close: () => Promise<void>;
}

/** What is told of calls, and what stops their waits. */
export type ModelHooks = Pick<ModelSources, "onWait" | "stop" | "onAttempt">;

/**
 * Reads keys from `.env` and the environment, and makes ready what talks to providers.
 * @param store holds the gates, which all processes share
 * @param runId null outside of a run
 * @param hooks absent: long waits are mentioned
 */
export function openModels(
  { config, policy: flags }: Agents,
  chosen: readonly NamedModel[],
  store: ResultStore,
  runId: string | null,
  hooks: ModelHooks = { onWait: showLines().wait },
): OpenedModels {
  loadKeys();
  for (const notice of variableNotices(process.env)) note(notice);
  const entries = [...Object.values(config.models), ...chosen.map(({ entry }) => entry)];
  const redact = redactor(allKeys(entries, process.env));
  const connections = openConnections();
  const clean = redactedStore(store, redact);
  const models = runModels({
    config,
    store: clean,
    clock: systemClock,
    connections,
    redact,
    env: process.env,
    flags,
    runId,
    ...hooks,
  });
  const policy = Object.fromEntries(
    chosen.map(({ name, entry }) => [name, readPolicy(entry, config, { flags, env: process.env })]),
  );
  return { models, store: clean, policy, close: () => connections.close() };
}
