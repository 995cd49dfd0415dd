import type { ResultStore } from "../env/store/store.ts";
import { forwardClock } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { openChatModel } from "./provider/chat-model.ts";
import type { ChatModelOptions, OpenChatModel } from "./provider/chat-model.ts";
import type { NamedModel, OncallConfig } from "./provider/config.ts";
import type { Connections } from "./provider/connections.ts";
import { Gate } from "./provider/gate.ts";
import type { GateOptions } from "./provider/gate.ts";
import { keyOf } from "./provider/keys.ts";
import { readPolicy } from "./provider/read-policy.ts";
import type { PolicySources } from "./provider/read-policy.ts";
import type { Redact } from "./provider/redact.ts";

/** The models of a run, behind one gate. */
export interface RunModels {
  /** Throws UsageError for a model whose key is missing, or whose policy cannot be used. */
  open(model: NamedModel): OpenModel;
}

export interface OpenModel extends OpenChatModel {
  /** Calls that its endpoint takes at once. */
  readonly maxInFlight: number;
}

/** What models are opened with. */
export interface ModelSources {
  readonly config: OncallConfig;
  readonly store: ResultStore;
  readonly clock: Clock;
  readonly connections: Connections;
  readonly redact: Redact;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Values of the policy from the command line. */
  readonly flags?: PolicySources["flags"];
  /** Null outside of a run. */
  readonly runId: string | null;
  readonly onWait?: GateOptions["onWait"];
  readonly stop?: GateOptions["stop"];
  /** Told of every attempt at a call as it ends. */
  readonly onAttempt?: ChatModelOptions["onAttempt"];
}

export function runModels({ config, env, flags = {}, onWait, stop, ...sources }: ModelSources): RunModels {
  const shared = { ...sources, clock: forwardClock(sources.clock) };
  const gate = new Gate({ store: shared.store, clock: shared.clock, onWait, stop });
  return {
    open(model) {
      const policy = readPolicy(model.entry, config, { flags, env });
      const options = { ...shared, gate, policy, key: keyOf(model, env), prices: config.prices };
      return { ...openChatModel(model, options), maxInFlight: policy.max_in_flight };
    },
  };
}
