import { createHash } from "node:crypto";
import { errorFrame } from "../../contract/frames.ts";
import type { FrameErrorDetails } from "../../contract/frames.ts";
import { EnvError } from "../../core/errors.ts";
import type { Suite } from "../../core/task.ts";
import type { Limits } from "../../session/limits.ts";
import { shapeProblem } from "../../session/shape.ts";
import { vectorSizes } from "../spec.ts";
import { readBinaryStep } from "./binary.ts";
import { readVectorFrame, VECTOR_FRAMES } from "./frames.ts";
import type { OpenData, VectorFrame } from "./frames.ts";
import { openOptions, Run } from "./run.ts";
import type { Batch } from "./run.ts";

/** What a connection needs of its server. */
export interface VectorHost {
  readonly suite: Suite;
  readonly limits: Limits;
  /** Most environments of one connection. */
  readonly maxEnvs: number;
  /**
   * Reserves that many episodes, all or none.
   * @returns what releases them; null when there is no room in time
   */
  readonly reserve: (count: number) => Promise<(() => void) | null>;
  /** How full the server is. */
  readonly load: () => { readonly active_sessions: number; readonly max_sessions: number };
  /** Logs an unexpected error and returns what the client may know of it. */
  readonly internalError: (error: unknown) => EnvError;
}

/** What is sent for one frame, and what becomes of the connection. */
export interface VectorAnswer {
  /** Text, or a binary batch; null only for `close`. */
  readonly reply: string | Uint8Array | null;
  readonly afterwards: "stay" | "farewell" | "full";
}

type Playing = Extract<VectorFrame, { type: "vector_reset" | "vector_step" }>["data"];

/** One `/vector` connection: its environments, and the order of its requests. Frames must be given one at a time. */
export class VectorExchange {
  readonly #host: VectorHost;
  #run: Run | null = null;
  #release: (() => void) | null = null;
  #ended = false;
  /** The last request that was carried out, and what it gave. */
  #last: { readonly seq: number; readonly sha256: string; readonly batch: Batch } | null = null;

  constructor(host: VectorHost) {
    this.#host = host;
  }

  /** Answers one frame: text, or binary as bytes. Never throws. */
  async answer(frame: string | Uint8Array): Promise<VectorAnswer> {
    try {
      return typeof frame === "string" ? await this.#answerText(frame) : await this.#answerBytes(frame);
    } catch (error) {
      if (error instanceof EnvError) return say(refusal(error));
      this.#run?.abandon();
      return say(refusal(this.#host.internalError(error)));
    }
  }

  /** The connection is gone: its episodes are given back. Ending twice does no harm. */
  end(): void {
    this.#ended = true;
    this.#run?.stop();
    this.#release?.();
    this.#release = null;
  }

  async #answerText(text: string): Promise<VectorAnswer> {
    const message = parsed(text);
    if (message === undefined) return say(errorFrame("INVALID_JSON"));
    if (typeof message !== "object" || message === null || Array.isArray(message)) {
      return invalid("Expected a JSON object.");
    }
    const isStep = Object.hasOwn(message, "type") && (message as { type: unknown }).type === "vector_step";
    const problem = shapeProblem(message, this.#host.limits, !isStep);
    if (problem !== null) return invalid(problem);
    const read = readVectorFrame(message);
    if (read.ok) return this.#carryOut(read.frame);
    if (read.code === "VALIDATION_ERROR") return say(errorFrame(read.code, { errors: read.issues }));
    return say(errorFrame(read.code, { message: `Expected "type" to be one of ${VECTOR_FRAMES.join(", ")}.` }));
  }

  #answerBytes(frame: Uint8Array): Promise<VectorAnswer> | VectorAnswer {
    const run = this.#run;
    if (run === null) return notOpen();
    if (run.format !== "binary") return invalid('Expected text: this connection was opened with "format":"json".');
    const step = readBinaryStep(frame);
    if (typeof step === "string") return invalid(step);
    const { seq, actions } = step;
    return this.#play(run, seq, sha256(frame), () => run.step(actions));
  }

  async #carryOut(frame: VectorFrame): Promise<VectorAnswer> {
    if (frame.type === "close") return { reply: null, afterwards: "farewell" };
    if (frame.type === "vector_open") return this.#open(frame.data);
    const run = this.#run;
    if (run === null) return notOpen();
    switch (frame.type) {
      case "vector_info":
        return say(JSON.stringify({ type: "vector_info", data: { envs: run.info(frame.data.envs ?? null) } }));
      case "vector_reset":
        return this.#play(run, frame.data.seq, contentOf(frame.type, frame.data), () => run.reset(frame.data));
      case "vector_step":
        return this.#play(run, frame.data.seq, contentOf(frame.type, frame.data), () => run.step(frame.data.actions));
    }
  }

  async #open(data: OpenData): Promise<VectorAnswer> {
    const { suite, maxEnvs, reserve, load } = this.#host;
    if (this.#run !== null) return invalid("This connection has its environments. Connect again for others.");
    if (data.num_envs > maxEnvs) return invalid(`num_envs: expected at most ${maxEnvs}, got ${data.num_envs}.`);
    if (data.format === "binary" && data.observation === "full") {
      return invalid('observation: "full" is sent as JSON; expected "format":"json".');
    }
    const options = openOptions(suite, data);
    const release = await reserve(data.num_envs);
    if (release === null) return { reply: errorFrame("CAPACITY_REACHED", load()), afterwards: "full" };
    if (this.#ended) release();
    else this.#release = release;
    this.#run = new Run(data, options);
    return say(JSON.stringify({ type: "vector_opened", data: { ...data, ...vectorSizes } }));
  }

  /** Carries out the next request in order, or gives again what the last one gave. */
  async #play(run: Run, seq: number, sha256: string, act: () => Promise<Batch> | Batch): Promise<VectorAnswer> {
    const last = this.#last;
    if (last !== null && seq === last.seq && sha256 === last.sha256) return say(await run.encode(last.batch, seq));
    const expected = (last?.seq ?? 0) + 1;
    if (seq !== expected) return say(conflict(expected, seq));
    const batch = await act();
    this.#last = { seq, sha256, batch };
    return say(await run.encode(batch, seq));
  }
}

const say = (reply: string | Uint8Array): VectorAnswer => ({ reply, afterwards: "stay" });

const invalid = (message: string): VectorAnswer => say(errorFrame("VALIDATION_ERROR", { message, errors: [] }));

const notOpen = (): VectorAnswer =>
  say(refusal(new EnvError("NOT_RESET"), { message: "vector_open must come before anything is played." }));

const refusal = ({ code, message }: EnvError, details: FrameErrorDetails = {}): string =>
  errorFrame("EXECUTION_ERROR", { message, reason: code, ...details });

const conflict = (expected: number, seq: number): string =>
  errorFrame("EXECUTION_ERROR", {
    message: `Expected seq ${expected}, got ${seq}. Nothing was done.`,
    reason: "STEP_CONFLICT",
  });

/** Undefined for what is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const sha256 = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("base64");

const contentOf = (type: string, data: Playing): string => sha256(JSON.stringify([type, data]));
