import type { ResultStore } from "../../env/store/store.ts";
import { systemClock } from "../clock.ts";
import { runModels } from "../models.ts";
import type { RunModels } from "../models.ts";
import type { NamedModel } from "../provider/config.ts";
import { openConnections } from "../provider/connections.ts";
import type { GateWait } from "../provider/gate.ts";
import { allKeys, loadKeys } from "../provider/keys.ts";
import { readPolicy } from "../provider/read-policy.ts";
import { redactor } from "../provider/redact.ts";
import { redactedStore } from "../provider/redacted-store.ts";
import type { Agents } from "./agent-options.ts";
import { note } from "./output.ts";

/** Models, the store into which none of their keys can be written, and how their providers are treated. */
export interface OpenedModels {
  readonly models: RunModels;
  readonly store: ResultStore;
  /** By name of the model. */
  readonly policy: Readonly<Record<string, unknown>>;
  readonly close: () => Promise<void>;
}

/** Waits that are worth a word, in milliseconds. */
const LONG_WAIT_MS = 5000;
/** How often the same wait is mentioned. */
const AGAIN_MS = 30_000;

/**
 * Reads keys from `.env` and the environment, and makes ready what talks to providers.
 * @param store holds the gates, which all processes share
 * @param runId null outside of a run
 */
export function openModels(
  { config, policy: flags }: Agents,
  chosen: readonly NamedModel[],
  store: ResultStore,
  runId: string | null,
): OpenedModels {
  loadKeys();
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
    onWait: sayWaits(),
  });
  const policy = Object.fromEntries(
    chosen.map(({ name, entry }) => [name, readPolicy(entry, config, { flags, env: process.env })]),
  );
  return { models, store: clean, policy, close: () => connections.close() };
}

/** Says why calls wait and for how long, now and then. */
function sayWaits(): (wait: GateWait) => void {
  const saidAt = new Map<string, number>();
  return ({ endpointKey, cause, ms }) => {
    const key = `${endpointKey}/${cause}`;
    const now = performance.now();
    if (ms < LONG_WAIT_MS || now - (saidAt.get(key) ?? -AGAIN_MS) < AGAIN_MS) return;
    saidAt.set(key, now);
    note(`Waiting for the provider, up to ${Math.ceil(ms / 1000)} s (${cause.replace("_", " ")}).`);
  };
}
