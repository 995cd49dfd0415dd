import type { RequestKeys } from "../../../env/session/requests.ts";
import { FrameSocket } from "./frame-socket.ts";
import { onWire } from "./transport.ts";
import type { Descriptor, Door, Reply, Transport } from "./transport.ts";

/** `/ws`: one session per socket, one reply per frame. */
export const ws = (url: string): Transport => ({
  name: "ws",
  hasControl: true,
  isConnected: true,
  open: async () => new SocketDoor(await FrameSocket.open(url)),
  async resume(id, token) {
    const socket = await FrameSocket.open(url, `/ws?session_id=${encodeURIComponent(id)}`);
    const reply = readFrameReply(await socket.ask(JSON.stringify({ type: "resume", data: { token } })));
    if (reply.refused === null) return { door: new SocketDoor(socket), token: reply.data?.resume_token as string };
    await socket.closed;
    return null;
  },
  end: () => {},
});

class SocketDoor implements Door {
  readonly #socket: FrameSocket;

  constructor(socket: FrameSocket) {
    this.#socket = socket;
  }

  reset(options: object, keys: RequestKeys = {}): Promise<Reply> {
    return this.#ask({ type: "reset", data: options, ...onWire(keys) });
  }

  step(action: unknown, keys: RequestKeys = {}): Promise<Reply> {
    return this.#ask({ type: "step", data: action ?? null, ...onWire(keys) });
  }

  state(): Promise<Reply> {
    return this.#ask({ type: "state" });
  }

  async describe(): Promise<Descriptor> {
    const { data } = await this.#ask({ type: "session" });
    return data as unknown as Descriptor;
  }

  async drop(): Promise<void> {
    this.#socket.cut();
    await this.#socket.closed;
  }

  async close(): Promise<void> {
    if (this.#socket.socket.readyState === this.#socket.socket.OPEN) this.#socket.send('{"type":"close"}');
    await this.#socket.closed;
  }

  async #ask(frame: object): Promise<Reply> {
    return readFrameReply(await this.#socket.ask(JSON.stringify(frame)));
  }
}

/** Reads a frame of the server. */
export function readFrameReply(raw: string): Reply {
  const { type, data } = JSON.parse(raw) as { type: string; data: Record<string, unknown> };
  if (type !== "error") return { raw, refused: null, data };
  return { raw, refused: String(data.reason ?? data.code), data: null };
}
