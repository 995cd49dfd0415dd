import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import { echoOf } from "./echo.ts";
import type { Step, StepOf } from "./step.ts";

/** What a step is performed with. */
export interface Stage {
  readonly response: ServerResponse;
  /** Aborted when the client has gone, or the mock closes. */
  readonly signal: AbortSignal;
  /** The key that the client sent, and the address that it asked for. */
  readonly key: string;
  readonly url: string;
  /** A good reply, as JSON text. */
  readonly reply: (step: StepOf<"reply">) => Promise<string>;
}

/** Does what a step says to one request. Ends when nothing more will be sent. */
export async function perform(step: Step, stage: Stage): Promise<void> {
  try {
    if (step.delay_ms > 0) await wait(step.delay_ms, undefined, { signal: stage.signal });
    await act(step, stage);
  } catch (error) {
    if (!stage.signal.aborted) throw error;
  }
}

const JSON_TYPE = { "content-type": "application/json" };

async function act(step: Step, stage: Stage): Promise<void> {
  switch (step.do) {
    case "reply":
      return sendReply(step, stage);
    case "status":
      return sendStatus(step, stage);
    case "body":
      return sendBody(step, stage);
    case "hang":
      return begin(step.after, stage);
    case "cut":
      await begin(step.after, stage);
      return cut(step.how, stage);
    case "drip":
      return drip(step, stage);
    case "flood":
      return flood(step, stage);
  }
}

async function sendReply(step: StepOf<"reply">, { response, reply, key, url }: Stage): Promise<void> {
  const text = await reply(step.echo ? { ...step, message: { content: echoOf(key, url) } } : step);
  response.writeHead(200, { ...JSON_TYPE, "x-request-id": "req_mock", ...step.headers }).end(text);
}

function sendStatus({ status, headers, code, message, body, echo }: StepOf<"status">, stage: Stage): void {
  const said = echo ? echoOf(stage.key, stage.url) : (message ?? `The mock says ${status}.`);
  const told = echo ? stage.key : code;
  const error = { message: said, type: told ?? null, param: null, code: told ?? null };
  const echoed = echo ? { "x-request-id": stage.key } : {};
  stage.response.writeHead(status, { ...JSON_TYPE, ...echoed, ...headers }).end(JSON.stringify(body ?? { error }));
}

function sendBody({ status, type, headers, text, base64, content_length: length }: StepOf<"body">, stage: Stage): void {
  const bytes = base64 === undefined ? Buffer.from(text) : Buffer.from(base64, "base64");
  const { response } = stage;
  response.writeHead(status, {
    ...(type === null ? {} : { "content-type": type }),
    ...(length === undefined ? {} : { "content-length": length, connection: "close" }),
    ...headers,
  });
  response.end(bytes, () => {
    if (length !== undefined) response.socket?.destroySoon();
  });
}

/** A good reply as far as a stage of it. */
async function begin(after: StepOf<"hang">["after"], { response, reply }: Stage): Promise<void> {
  if (after === "nothing") return;
  const text = await goodReply(reply);
  response.writeHead(200, { ...JSON_TYPE, "content-length": Buffer.byteLength(text) });
  response.flushHeaders();
  if (after === "headers") return;
  await new Promise((resolve) => response.write(text.slice(0, text.length / 2), resolve));
}

function cut(how: "reset" | "close", { response }: Stage): void {
  if (how === "reset") response.socket?.resetAndDestroy();
  else response.socket?.destroy();
}

async function drip({ bytes, every_ms: every }: StepOf<"drip">, { response, signal, reply }: Stage): Promise<void> {
  const text = await goodReply(reply);
  response.writeHead(200, JSON_TYPE);
  for (let i = 0; i < text.length; i += bytes) {
    response.write(text.slice(i, i + bytes));
    await wait(every, undefined, { signal });
  }
  response.end();
}

const CHUNK = Buffer.alloc(64 * 1024, "x");

/** Never more ahead of the client than one buffer. */
async function flood({ bytes }: StepOf<"flood">, { response, signal }: Stage): Promise<void> {
  response.writeHead(200, JSON_TYPE);
  await pipeline(Readable.from(longText(bytes ?? Infinity)), response, { signal });
}

function* longText(bytes: number): Generator<string | Buffer> {
  yield '{"choices":[{"message":{"content":"';
  for (let left = bytes; left > 0; left -= CHUNK.length) yield CHUNK;
  yield '"}}]}';
}

const goodReply = (reply: Stage["reply"]): Promise<string> =>
  reply({ do: "reply", delay_ms: 0, patch: {}, echo: false, headers: {} });
