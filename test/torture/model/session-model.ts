import { resetBody, stepBody } from "../../../env/contract/http.ts";
import { EnvError } from "../../../env/core/errors.ts";
import { Session } from "../../../env/session/session.ts";
import type { RequestKeys } from "../../../env/session/requests.ts";
import { coreSuite } from "../../../tasks/index.ts";

/** What a request must give. */
export type Expected =
  | { readonly refused: string; readonly data: null }
  | { readonly refused: null; readonly data: Readonly<Record<string, unknown>> };

interface Accepted {
  readonly id: string;
  readonly asked: string;
  readonly gave: Expected;
}

/** What one session should do: an environment, its last request under a name, and whether its client is there. */
export class SessionModel {
  readonly #twin = new Session(coreSuite);
  #last: Accepted | null = null;
  /** What it is found by again; null until its client asked for it. */
  id: string | null = null;
  /** The token that its client was told last, and the one before while that may not have arrived. */
  token = "";
  lastToken: string | null = null;
  readonly usedTokens: string[] = [];
  /** Null while its client is connected; otherwise since when it is not, in milliseconds. */
  detachedAt: number | null = null;

  /** Its client was told another token. */
  renew(token: string, instead: string | null): void {
    this.lastToken = instead;
    this.token = token;
  }

  /** Its client was heard of, and so has the last token. */
  heard(): void {
    if (this.lastToken !== null) this.usedTokens.push(this.lastToken);
    this.lastToken = null;
  }

  reset(options: object, keys: RequestKeys): Expected {
    this.heard();
    return this.#accept(["reset", options], keys, () => resetBody(this.#twin.reset(options)));
  }

  step(action: unknown, keys: RequestKeys): Expected {
    this.heard();
    return this.#accept(["step", action], keys, () => stepBody(this.#twin.step(action)));
  }

  state(): Expected {
    this.heard();
    return { refused: null, data: this.#twin.state() };
  }

  get stepCount(): number {
    return this.#twin.stepCount;
  }

  #accept(asked: readonly unknown[], { requestId, expectedStep }: RequestKeys, play: () => object): Expected {
    const text = JSON.stringify(asked);
    if (requestId !== undefined && requestId === this.#last?.id) {
      return this.#last.asked === text ? this.#last.gave : refused("REQUEST_ID_REUSED");
    }
    if (expectedStep !== undefined && expectedStep !== this.stepCount) return refused("STEP_CONFLICT");
    try {
      const gave: Expected = { refused: null, data: play() as Readonly<Record<string, unknown>> };
      this.#last = requestId === undefined ? null : { id: requestId, asked: text, gave };
      return gave;
    } catch (error) {
      if (error instanceof EnvError) return refused(error.code);
      throw error;
    }
  }
}

const refused = (code: string): Expected => ({ refused: code, data: null });
