import type { GateRules, ResultStore } from "../../env/store/store.ts";
import type { Clock } from "../clock.ts";
import type { ClientOptions, sendOnce } from "./client.ts";
import type { NamedModel } from "./config.ts";
import type { Connections } from "./connections.ts";
import { Dialect } from "./dialect.ts";
import { endpointKey } from "./endpoint.ts";
import type { Gate } from "./gate.ts";
import { gateRules } from "./policy.ts";
import type { Policy } from "./policy.ts";
import type { PriceEntry } from "./price.ts";
import type { Redact } from "./redact.ts";
import type { Secret } from "./secret.ts";
import type { CountedAttempt } from "./totals.ts";

/** What stands between an agent's wish for a completion and the provider. */
export interface ChatModelOptions {
  /** One for the process. */
  readonly gate: Gate;
  /** Where it is noted when the provider changes the model under a run. */
  readonly store: Pick<ResultStore, "addEvent">;
  readonly clock: Clock;
  readonly connections: Connections;
  readonly policy: Policy;
  /** Null: no key is sent. */
  readonly key: Secret | null;
  readonly prices: readonly PriceEntry[];
  readonly redact: Redact;
  /** Null outside of a run. */
  readonly runId: string | null;
  /** Told of every attempt as it ends. */
  readonly onAttempt?: ((attempt: CountedAttempt) => void) | undefined;
  /** How one request is sent once; tests of waiting put a script in its place. */
  readonly send?: typeof sendOnce;
}

/** What the calls of all episodes to one model share. */
export class Line {
  readonly endpointKey: string;
  readonly model: NamedModel;
  readonly options: ChatModelOptions;
  readonly rules: GateRules;
  readonly client: ClientOptions;
  readonly dialect = new Dialect();
  /** Whether a call has ever succeeded: until then a refusal is a mistake in the configuration. */
  hadSuccess = false;
  /** The model's name as it was last returned; the one asked for before the first reply. */
  #modelReturned: string;

  constructor(model: NamedModel, options: ChatModelOptions) {
    const { policy, key, clock, connections, redact } = options;
    this.model = model;
    this.options = options;
    this.endpointKey = endpointKey(model.entry, key);
    this.rules = gateRules(policy);
    this.client = {
      entry: model.entry,
      key,
      dispatcher: connections.dispatcher,
      clock,
      deadlineMs: Math.round(policy.attempt_timeout_s * 1000),
      maxRetryAfterMs: this.rules.maxRetryAfterMs,
      redact,
    };
    this.#modelReturned = model.entry.model;
  }

  /**
   * Takes note of a success, and of the model that the server says it was: a request for `model` may be answered by
   * `model-2026-11-01`, any other change is an event.
   */
  async succeeded(returned: string | null): Promise<void> {
    this.hadSuccess = true;
    const before = this.#modelReturned;
    if (returned === null || returned === before) return;
    this.#modelReturned = returned;
    const { runId, store, clock } = this.options;
    const isDated = before === this.model.entry.model && returned.startsWith(before);
    if (isDated || runId === null) return;
    await store.addEvent({ runId, at: clock.now(), type: "model_changed", data: { from: before, to: returned } });
  }
}
