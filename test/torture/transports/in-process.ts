import { resetBody, stepBody } from "../../../env/contract/http.ts";
import { EnvError } from "../../../env/core/errors.ts";
import type { Suite } from "../../../env/core/task.ts";
import { DEFAULT_LIMITS } from "../../../env/session/limits.ts";
import type { Limits } from "../../../env/session/limits.ts";
import type { Carrier, LiveSession } from "../../../env/session/live-session.ts";
import type { RequestKeys } from "../../../env/session/requests.ts";
import { Sessions } from "../../../env/session/sessions.ts";
import type { Descriptor, Door, Reply, Transport } from "./transport.ts";

/** Sessions of this process, without any server. */
export function inProcess(suite: Suite, limits: Partial<Limits> = {}): Transport {
  const sessions = new Sessions(suite, { ...DEFAULT_LIMITS, ...limits });
  return {
    name: "in-process",
    hasControl: true,
    isConnected: true,
    async open() {
      const carrier = new Here();
      const live = await sessions.open({ carrier });
      if (live === null) throw new Error("There is no slot.");
      return new LiveDoor(live, carrier);
    },
    async resume(id, token) {
      const carrier = new Here();
      const live = await sessions.resume(id, token, carrier);
      if (live === null || typeof live === "string") return null;
      return { door: new LiveDoor(live, carrier), token: live.renewToken() };
    },
    end: () => sessions.close(),
  };
}

class Here implements Carrier {
  unresponsive(): boolean {
    return false;
  }
  giveUp(): void {}
  supersede(): void {}
}

class LiveDoor implements Door {
  readonly #live: LiveSession;
  readonly #carrier: Carrier;

  constructor(live: LiveSession, carrier: Carrier) {
    this.#live = live;
    this.#carrier = carrier;
  }

  async reset(options: object, keys: RequestKeys = {}): Promise<Reply> {
    return this.#ask(() => resetBody(this.#live.reset(options, keys)));
  }

  async step(action: unknown, keys: RequestKeys = {}): Promise<Reply> {
    return this.#ask(() => stepBody(this.#live.step(action, keys)));
  }

  async state(): Promise<Reply> {
    return this.#ask(() => this.#live.state());
  }

  async describe(): Promise<Descriptor> {
    this.#live.heard();
    return {
      session_id: this.#live.id,
      resume_token: this.#live.renewToken(),
      step_count: this.#live.state().step_count,
    };
  }

  async drop(): Promise<void> {
    this.#live.detach(this.#carrier);
  }

  async close(): Promise<void> {
    this.#live.release();
  }

  /** As a connection does with each frame. */
  #ask(play: () => object): Reply {
    this.#live.heard();
    try {
      const data = play() as Readonly<Record<string, unknown>>;
      return { raw: JSON.stringify(data), refused: null, data };
    } catch (error) {
      if (!(error instanceof EnvError)) throw error;
      return { raw: JSON.stringify({ message: error.message, code: error.code }), refused: error.code, data: null };
    }
  }
}
