import { pick, shuffled, wholeNumber } from "../../../env/core/rng.ts";
import type { Rng } from "../../../env/core/rng.ts";
import { closePayload, frameBytes, handshake, OPCODES } from "./websocket-bytes.ts";

/** Bytes of a client, and what the server must make of them. */
export interface Stream {
  readonly kind: string;
  readonly path: "/ws" | "/vector";
  readonly bytes: Buffer;
  /**
   * A close code; `alive`: the connection goes on and the next message is answered; `any`: it may go on or end. What was cut is followed by the end of the connection.
   */
  readonly wants: number | "alive" | "any";
  readonly isCut?: true;
}

const LARGEST_FRAME = 64 * 1024;
const MOST_FRAGMENTS = 64;
/** Pings that ws answers while its pongs are unsent; then it ends the connection. */
const MOST_PINGS = 60;

const text = (content: string | Buffer): Buffer => frameBytes({ payload: Buffer.from(content) });
const RESET = text('{"type":"reset","data":{"seed":3,"text":false}}');
const STATE = text('{"type":"state"}');
const STEP = text('{"type":"step","data":{"type":"check_status","service":"cache"}}');

/** Bytes that are no UTF-8: bare continuations, surrogates, overlong forms, beyond U+10FFFF, cut off. */
const NO_UTF8 = ["80", "ff", "c3", "c0af", "e0809f", "eda080", "f4908080", "f08080af", "e28c", "f0908c"].map((hex) =>
  Buffer.from(hex, "hex"),
);
const RESERVED_OPCODES = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15];
const CLOSE_CODES_OF_NOBODY = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535];

type Kind = (rng: Rng) => Omit<Stream, "kind" | "path">;

/** Kinds of frames that come after a handshake and, perhaps, some sound frames. */
const kinds: Readonly<Record<string, Kind>> = {
  "reserved opcode": (rng) => ({ bytes: frameBytes({ opcode: pick(rng, RESERVED_OPCODES) }), wants: 1002 }),
  "reserved bits": (rng) => ({
    bytes: frameBytes({ rsv: wholeNumber(rng, 1, 7), payload: some(rng, 40) }),
    wants: 1002,
  }),
  unmasked: (rng) => ({ bytes: frameBytes({ masked: false, payload: some(rng, 90) }), wants: 1002 }),
  "too long": (rng) => ({
    bytes: frameBytes({ announced: BigInt(LARGEST_FRAME + wholeNumber(rng, 1, 10 ** 9)), payload: some(rng, 200) }),
    wants: 1009,
  }),
  "longer than any number": (rng) => ({
    bytes: frameBytes({ announced: (1n << BigInt(wholeNumber(rng, 53, 63))) + 5n, payload: some(rng, 200) }),
    wants: 1009,
  }),
  "fragments that grow too long": (rng) => {
    const piece = Buffer.alloc(wholeNumber(rng, 20_000, 30_000), 32);
    const rest = { opcode: OPCODES.continuation, fin: false, payload: piece };
    return {
      bytes: Buffer.concat([frameBytes({ fin: false, payload: piece }), repeated(4, frameBytes(rest))]),
      wants: 1009,
    };
  },
  "too many fragments": (rng) => {
    const rest = frameBytes({ opcode: OPCODES.continuation, fin: false, payload: some(rng, 3) });
    return {
      bytes: Buffer.concat([frameBytes({ fin: false }), repeated(MOST_FRAGMENTS + 10, rest)]),
      wants: 1008,
    };
  },
  "continuation of nothing": (rng) => ({
    bytes: frameBytes({ opcode: OPCODES.continuation, fin: rng() < 0.5, payload: some(rng, 20) }),
    wants: 1002,
  }),
  "message inside a message": (rng) => ({
    bytes: Buffer.concat([
      frameBytes({ fin: false, payload: Buffer.from("{") }),
      frameBytes({ opcode: pick(rng, [OPCODES.text, OPCODES.binary]), payload: Buffer.from("}") }),
    ]),
    wants: 1002,
  }),
  "control frame in fragments": (rng) => ({
    bytes: frameBytes({ opcode: pick(rng, [OPCODES.close, OPCODES.ping, OPCODES.pong]), fin: false }),
    wants: 1002,
  }),
  "control frame too long": (rng) => ({
    bytes: frameBytes({
      opcode: pick(rng, [OPCODES.close, OPCODES.ping, OPCODES.pong]),
      payload: Buffer.alloc(wholeNumber(rng, 126, 70_000)),
    }),
    wants: 1002,
  }),
  "text that is no UTF-8": (rng) => ({
    bytes: text(Buffer.concat([Buffer.from('{"type":"'), pick(rng, NO_UTF8), Buffer.from(rng() < 0.5 ? '"}' : "")])),
    wants: 1007,
  }),
  "fragments that are no UTF-8 together": (rng) => ({
    bytes: Buffer.concat([
      frameBytes({ fin: false, payload: Buffer.from("e2", "hex") }),
      frameBytes({ opcode: OPCODES.continuation, payload: pick(rng, NO_UTF8) }),
    ]),
    wants: 1007,
  }),
  "close with half a code": (rng) => ({
    bytes: frameBytes({ opcode: OPCODES.close, payload: Buffer.from([wholeNumber(rng, 0, 255)]) }),
    wants: 1002,
  }),
  "close with a code of nobody": (rng) => ({
    bytes: frameBytes({ opcode: OPCODES.close, payload: closePayload(pick(rng, CLOSE_CODES_OF_NOBODY)) }),
    wants: 1002,
  }),
  "close with a reason that is no UTF-8": (rng) => ({
    bytes: frameBytes({ opcode: OPCODES.close, payload: closePayload(1000, pick(rng, NO_UTF8)) }),
    wants: 1007,
  }),
  "close, then more": (rng) => {
    const code = pick(rng, [1000, 1001, 3000, 4999]);
    const close = frameBytes({ opcode: OPCODES.close, payload: closePayload(code, "bye") });
    return { bytes: Buffer.concat([close, STEP, some(rng, 50)]), wants: code };
  },
  "close without a code": () => ({ bytes: frameBytes({ opcode: OPCODES.close }), wants: 1005 }),
  "binary message": (rng) => ({ bytes: frameBytes({ opcode: OPCODES.binary, payload: some(rng, 99) }), wants: 1000 }),
  "text of garbage": (rng) => ({ bytes: text(some(rng, 300).toString("base64")), wants: "any" }),
  "empty message": () => ({ bytes: frameBytes({}), wants: "alive" }),
  "message in single bytes": () => {
    const payload = Buffer.from('{"type":"state","é":1}');
    const bytes = [...payload].map((byte, i) =>
      frameBytes({
        opcode: i === 0 ? OPCODES.text : OPCODES.continuation,
        fin: i === payload.length - 1,
        payload: Buffer.from([byte]),
      }),
    );
    return { bytes: Buffer.concat(bytes), wants: "alive" };
  },
  "pings and pongs nobody asked for": (rng) => {
    const opcode = rng() < 0.5 ? OPCODES.ping : OPCODES.pong;
    const count = wholeNumber(rng, 1, opcode === OPCODES.ping ? MOST_PINGS : 300);
    return { bytes: repeated(count, frameBytes({ opcode, payload: some(rng, 125) })), wants: "alive" };
  },
  "more pings than are answered": (rng) => ({
    bytes: repeated(
      wholeNumber(rng, MOST_PINGS + 1, 400),
      frameBytes({ opcode: OPCODES.ping, payload: some(rng, 125) }),
    ),
    wants: "any",
  }),
  "many messages at once": (rng) => ({
    bytes: repeated(wholeNumber(rng, 20, 120), rng() < 0.5 ? STATE : STEP),
    wants: "alive",
  }),
  "the end, at any byte": (rng) => {
    const bytes = Buffer.concat(shuffled(rng, [RESET, STEP, STATE, frameBytes({ payload: Buffer.alloc(70_000, 32) })]));
    return { bytes: bytes.subarray(0, wholeNumber(rng, 0, bytes.length)), wants: "any", isCut: true };
  },
  "flipped bits": (rng) => {
    const bytes = Buffer.concat([RESET, STEP, STATE, STEP]);
    for (let flips = wholeNumber(rng, 1, 8); flips > 0; flips -= 1) {
      const at = wholeNumber(rng, 0, bytes.length - 1);
      bytes[at] = (bytes[at] as number) ^ (1 << wholeNumber(rng, 0, 7));
    }
    return { bytes, wants: "any", isCut: true };
  },
  noise: (rng) => ({ bytes: some(rng, 4000), wants: "any", isCut: true }),
};

const NAMES = Object.keys(kinds);

/** A hostile stream: a handshake, a few sound frames perhaps, then something of one of the kinds. Equal draws, equal bytes. */
export function hostileStream(rng: Rng, host: string): Stream {
  const kind = pick(rng, NAMES);
  const before = Array.from({ length: wholeNumber(rng, 0, 3) }, () => pick(rng, [RESET, STATE, STEP]));
  const { bytes, ...rest } = (kinds[kind] as Kind)(rng);
  return { kind, path: "/ws", bytes: Buffer.concat([Buffer.from(handshake(host)), ...before, bytes]), ...rest };
}

/** The handshake cut after each of its bytes. */
export const cutHandshakes = (host: string): Stream[] =>
  Array.from(handshake(host), (_, length) => ({
    kind: `handshake of ${length} bytes`,
    path: "/ws",
    bytes: Buffer.from(handshake(host).slice(0, length)),
    wants: "any",
    isCut: true,
  }));

const repeated = (count: number, bytes: Buffer): Buffer => Buffer.concat(Array<Buffer>(count).fill(bytes));

/** Up to so many bytes of noise. */
export const some = (rng: Rng, most: number): Buffer =>
  Buffer.from(Array.from({ length: wholeNumber(rng, 1, most) }, () => wholeNumber(rng, 0, 255)));
