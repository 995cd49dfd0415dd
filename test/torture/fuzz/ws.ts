import fc from "fast-check";
import { FrameSocket, SocketClosed } from "../transports/frame-socket.ts";
import { ws } from "../transports/ws.ts";
import { actionsFrom } from "./actions.ts";
import { notAnObject, notJson, tooDeep, tooWide } from "./broken-json.ts";
import { fixedEpisode } from "./episode.ts";
import { resetOptions } from "./options.ts";
import { replyChecks } from "./replies.ts";
import type { Published } from "./replies.ts";
import { mismatch, mutated, outcomeOf, thirds } from "./request.ts";
import type { FuzzRequest, FuzzTarget, Kind, Outcome } from "./request.ts";
import { rpcRequests } from "./rpc.ts";

/** A frame as it is sent. */
export type Frame = string | Buffer;

/** `/ws`: frames on one socket, which is opened again when one of them ended it. */
export function fuzzWs(url: string, published: Published): FuzzTarget {
  const checks = replyChecks(published);
  const transport = ws(url);
  let socket: FrameSocket | null = null;
  let isOver = true;

  async function exchange(frame: Frame): Promise<string | null> {
    socket ??= await FrameSocket.open(url);
    if (isOver) await socket.ask('{"type":"reset","data":{"seed":1}}');
    isOver = false;
    try {
      return await socket.ask(frame);
    } catch (error) {
      if (!(error instanceof SocketClosed) || error.code !== 1000) throw error;
      return null;
    }
  }

  function judgeReply(text: string, kind: Kind): string | null {
    const { type, data } = JSON.parse(text) as { type: string; data: Record<string, unknown> };
    switch (type) {
      case "observation":
        isOver = data.done === true;
        return checks.observation(data) ?? mismatch(kind, outcomeOf(data));
      case "state":
        return checks.state(data) ?? mismatch(kind, "carried out");
      case "session":
        return mismatch(kind, "carried out");
      case "mcp":
        isOver ||= saysItIsOver(text);
        return checks.rpc(data) ?? mismatch(kind, outcomeOfRpc(data));
      case "error":
        return checks.frameError(data) ?? mismatch(kind, "refused");
      default:
        return `a reply of the type ${type}`;
    }
  }

  return {
    requests: thirds(wsFrames(published)),
    async judge({ kind, wire }: FuzzRequest<Frame>) {
      const text = await exchange(wire);
      if (text?.includes('"SESSION_ERROR"')) await socket?.closed;
      if (text === null || text.includes('"SESSION_ERROR"')) {
        socket = null;
        isOver = true;
      }
      return text === null ? mismatch(kind, "carried out") : judgeReply(text, kind);
    },
    episode: () => fixedEpisode(transport),
    end: async () => socket?.close(),
  };
}

/** Whether the result of a tool is the last one of its episode, or comes after it. */
export const saysItIsOver = (reply: string): boolean =>
  /The incident is closed\.|"status":"closed"|"steps_left":0\b/.test(reply);

/** An error of a tool is its answer: an invalid action, or the end. */
export function outcomeOfRpc(body: object): Outcome {
  if ("error" in body) return "refused";
  return (body as { result?: { isError?: boolean } }).result?.isError === true ? "invalid action" : "carried out";
}

/** Frames for `/ws`. */
export function wsFrames(published: Published): Readonly<Record<Kind, fc.Arbitrary<Frame>>> {
  const actions = actionsFrom(published.action);
  const rpc = rpcRequests(published.action, {});
  const named = fc.record({ request_id: fc.uuid() }, { requiredKeys: [] });
  const played = (kind: Kind): fc.Arbitrary<object> =>
    fc
      .tuple(
        fc.oneof(
          { weight: 4, arbitrary: actions[kind].map((data) => ({ type: "step", data })) },
          { weight: 2, arbitrary: resetOptions[kind].map((data) => ({ type: "reset", data })) },
          { weight: 1, arbitrary: rpc[kind].map((data) => ({ type: "mcp", data })) },
        ),
        named,
      )
      .map(([frame, keys]) => (frame.type === "mcp" ? frame : { ...frame, ...keys }));
  const plain = fc.constantFrom(
    { type: "state" },
    { type: "session" },
    { type: "reset" },
    { type: "reset", data: null },
  );
  const valid = fc.oneof({ weight: 7, arbitrary: played("valid") }, { weight: 1, arbitrary: plain });
  return {
    valid: texts(valid),
    near: texts(fc.oneof(mutated(valid), played("near"))),
    negative: fc.oneof(
      { weight: 8, arbitrary: texts(played("negative")) },
      notJson,
      { weight: 1, arbitrary: notAnObject },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)) },
      tooDeep.map((data) => `{"type":"step","data":${data}}`),
      tooWide.map((data) => `{"type":"step","data":${data}}`),
      texts(
        fc.constantFrom(
          { type: "step" },
          { type: "state", data: {} },
          { type: "session", data: 1 },
          { type: "nonsense" },
          {},
        ),
      ),
      texts(
        fc
          .constantFrom("__proto__", "extra", "session_id")
          .map((key) => JSON.parse(`{"type":"state","${key}":1}`) as object),
      ),
      texts(fc.constantFrom<unknown>([], 5, "x").map((data) => ({ type: "reset", data }))),
      texts(fc.constantFrom<unknown>("", 5, "x".repeat(256), "\n", {}).map((request_id) => step({ request_id }))),
      texts(fc.constantFrom<unknown>(-1, 0.5, "4", 10_000, null).map((expected_step) => step({ expected_step }))),
      texts(fc.constantFrom<unknown>({ token: "x" }, {}, "x", { token: 5 }).map((data) => ({ type: "resume", data }))),
      texts(fc.constantFrom<unknown>([], 5, null).map((data) => ({ type: "mcp", data }))),
      fc.constant(JSON.stringify({ type: "reset", data: { wild: "x".repeat(8193) } })),
    ),
  };
}

const step = (rest: object) => ({ type: "step", data: "check_status(cache)", ...rest });
const texts = (values: fc.Arbitrary<object>): fc.Arbitrary<Frame> => values.map((value) => JSON.stringify(value));
