import { setTimeout as wait } from "node:timers/promises";
import { resetBody, stepBody } from "../../../env/contract/http.ts";
import { rngFor } from "../../../env/core/rng.ts";
import { Session } from "../../../env/session/session.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { anyAction } from "../kit/actions.ts";
import { FrameSocket } from "../transports/frame-socket.ts";

/** How a client fared whose connection is cut again and again. */
export interface CutEpisode {
  /** Whether every reply was that of a connection that is never cut. */
  readonly isSame: boolean;
  /** Times that it went on in its session. */
  readonly resumed: number;
  /** Its session, and tokens that are used up. */
  readonly sessionId: string;
  readonly usedTokens: readonly string[];
}

interface Descriptor {
  readonly type: string;
  readonly data: { readonly session_id: string; readonly resume_token: string };
}

/** How long a client tries to go on. */
const PATIENCE_MS = 20_000;
const PAUSE_MS = 20;

/** Plays one episode on `/ws`, and goes on by itself whenever the connection is cut. */
export async function playThroughCuts(url: string, seed: number, number: number): Promise<CutEpisode> {
  const client = new ResumingClient(url);
  const twin = new Session(coreSuite);
  const rng = rngFor(seed, "cut", number);
  const options = { seed: number, split: "all" };
  const first = resetBody(twin.reset(options));
  let isSame = (await client.ask("reset", options, 0)) === expected(first, 0);
  for (let step = 1, isOver = false; !isOver; step += 1) {
    const action = anyAction(rng);
    const body = stepBody(twin.step(action));
    isOver = body.done;
    if ((await client.ask("step", action, step)) !== expected(body, step)) isSame = false; // oxlint-disable-line no-await-in-loop
  }
  return { isSame, resumed: client.resumed, sessionId: client.sessionId, usedTokens: client.usedTokens };
}

const expected = (data: object, request: number): string =>
  JSON.stringify({ type: "observation", data, request_id: `r${request}` });

class ResumingClient {
  readonly #url: string;
  #socket: FrameSocket | null = null;
  sessionId = "";
  #token = "";
  #lastToken = "";
  readonly usedTokens: string[] = [];
  resumed = 0;

  constructor(url: string) {
    this.#url = url;
  }

  /** Asks until there is an answer; the server carries the request out once. */
  async ask(type: string, data: unknown, request: number): Promise<string> {
    const frame = JSON.stringify({ type, data, request_id: `r${request}` });
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      // oxlint-disable no-await-in-loop
      try {
        this.#socket ??= await this.#connect();
        const reply = await this.#socket.ask(frame);
        if (this.#lastToken !== "") this.usedTokens.push(this.#lastToken); // the server heard of us since
        this.#lastToken = "";
        return reply;
      } catch (error) {
        this.#socket?.cut();
        this.#socket = null;
        if (performance.now() > until) throw error;
        await wait(PAUSE_MS);
      }
      // oxlint-enable no-await-in-loop
    }
  }

  #connect(): Promise<FrameSocket> {
    return this.sessionId === "" ? this.#begin() : this.#resume();
  }

  async #begin(): Promise<FrameSocket> {
    const socket = await FrameSocket.open(this.#url);
    const { data } = JSON.parse(await socket.ask('{"type":"session"}')) as Descriptor;
    this.sessionId = data.session_id;
    this.#token = data.resume_token;
    return socket;
  }

  /** With the token it was told last, or the one before: the reply with the next one may have been lost. */
  async #resume(): Promise<FrameSocket> {
    const tokens = [this.#token, this.#lastToken].filter((token) => token !== "");
    for (const token of tokens) {
      // oxlint-disable no-await-in-loop
      const socket = await FrameSocket.open(this.#url, `/ws?session_id=${this.sessionId}`);
      const { type, data } = JSON.parse(
        await socket.ask(JSON.stringify({ type: "resume", data: { token } })),
      ) as Descriptor;
      // oxlint-enable no-await-in-loop
      if (type !== "session") continue;
      this.#lastToken = token;
      this.#token = data.resume_token;
      this.resumed += 1;
      return socket;
    }
    throw new Error("The session could not be resumed.");
  }
}
