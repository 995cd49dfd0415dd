import type { EpisodeState, ResetTurn, StepTurn } from "../contract/index.ts";
import type { Suite } from "../core/task.ts";
import { Session } from "../session/session.ts";
import type { ClientReset, EnvClient } from "./client.ts";
import { ClientError } from "./errors.ts";

/** A session in this process. */
export const localClient = (suite: Suite): EnvClient => new LocalClient(new Session(suite));

class LocalClient implements EnvClient {
  #session: Session | null;

  constructor(session: Session) {
    this.#session = session;
  }

  async reset({ seed, options }: ClientReset = {}): Promise<ResetTurn> {
    return this.#open().reset({ ...options, seed });
  }

  async step(action: unknown): Promise<StepTurn> {
    return this.#open().step(action);
  }

  async state(): Promise<EpisodeState> {
    return this.#open().state();
  }

  async truncate(reason: string): Promise<StepTurn> {
    return this.#open().truncate(reason);
  }

  async close(): Promise<void> {
    this.#session = null;
  }

  #open(): Session {
    if (this.#session === null) throw new ClientError("CLOSED", "The client is closed.");
    return this.#session;
  }
}
