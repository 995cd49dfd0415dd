import { createHash } from "node:crypto";
import type { NamedRequest } from "../contract/journal.ts";
import type { ResetTurn, StepTurn } from "../contract/turns.ts";
import { EnvError } from "../core/errors.ts";

/** What a client may say about a request, to repeat it safely after a lost reply. */
export interface RequestKeys {
  /** The same id and body again mean the same request. */
  readonly requestId?: string | undefined;
  /** The step at which the client believes the episode to be. */
  readonly expectedStep?: number | undefined;
}

/** The client believed the episode to be elsewhere; nothing was done. */
export class StepConflict extends EnvError {
  /** Where the episode is. */
  readonly stepCount: number;

  constructor(expected: number, actual: number) {
    super("STEP_CONFLICT", { expected, actual });
    this.stepCount = actual;
  }
}

type Turn = ResetTurn | StepTurn;

/**
 * The last accepted request of a session and what it gave. Whatever transport asks again is given the same turn, and
 * nothing moves: a transport renders equal turns as equal bytes.
 */
export class LastRequest {
  #named: NamedRequest | null = null;
  #turn: Turn | null = null;

  /** Null if it had no id, and before the first. */
  get id(): string | null {
    return this.#named?.id ?? null;
  }

  /**
   * The turn of a request that comes again; null for one that is new.
   * @throws EnvError REQUEST_ID_REUSED for another request under the id of the last, STEP_CONFLICT for a stale one
   */
  repeated({ requestId, expectedStep }: RequestKeys, named: NamedRequest | null, stepCount: number): Turn | null {
    if (requestId !== undefined && requestId === this.#named?.id) {
      if (named?.sha256 !== this.#named.sha256) throw new EnvError("REQUEST_ID_REUSED", { id: requestId });
      return this.#turn;
    }
    if (expectedStep !== undefined && expectedStep !== stepCount) throw new StepConflict(expectedStep, stepCount);
    return null;
  }

  /** A request was carried out; the one before can no longer be repeated. */
  accept(named: NamedRequest | null, turn: Turn): void {
    this.#named = named;
    this.#turn = named === null ? null : turn;
  }

  forget(): void {
    this.#named = null;
    this.#turn = null;
  }
}

/** A request under its id; null for one without. */
export const namedRequest = (kind: "reset" | "step", body: unknown, { requestId }: RequestKeys): NamedRequest | null =>
  requestId === undefined ? null : { id: requestId, sha256: sha256Of([kind, body ?? null]) };

/** Hash of a value's JSON. */
export const sha256Of = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("hex");
