import { pick, wholeNumber } from "../../../env/core/rng.ts";
import type { Rng } from "../../../env/core/rng.ts";
import type { Stream } from "./hostile-streams.ts";
import { some } from "./hostile-streams.ts";
import { frameBytes, handshake, OPCODES } from "./websocket-bytes.ts";

const LARGEST_FRAME = 2 ** 20;
const MAGIC = 0x3156434f;

const text = (content: string): Buffer => frameBytes({ payload: Buffer.from(content) });
const binary = (payload: Buffer): Buffer => frameBytes({ opcode: OPCODES.binary, payload });
const OPEN = text('{"type":"vector_open","data":{"num_envs":1,"format":"binary"}}');
const RESET = text('{"type":"vector_reset","data":{"seq":1,"seed":1}}');

/** A step request; every field may be wrong. */
function stepRequest({ magic = MAGIC, kind = 1, seq = 2, count = 1, actions = [0] }): Buffer {
  const bytes = Buffer.alloc(16 + 2 * actions.length);
  bytes.writeUInt32LE(magic, 0);
  bytes.writeUInt32LE(kind, 4);
  bytes.writeUInt32LE(seq, 8);
  bytes.writeUInt32LE(count, 12);
  actions.forEach((action, i) => bytes.writeUInt16LE(action, 16 + 2 * i));
  return bytes;
}

// prettier-ignore
const WRONG_TEXTS = [
  "{", "[]", "5", "null", '{"type":"nonsense"}', '{"type":"vector_step"}', '{"type":"vector_step","data":{"seq":2,"actions":5}}',
  '{"type":"vector_step","data":{"seq":2,"actions":[]}}', '{"type":"vector_step","data":{"seq":-1,"actions":[0]}}',
  '{"type":"vector_step","data":{"seq":9007199254740993,"actions":[0]}}', '{"type":"vector_reset","data":{"seq":2,"seed":-1}}',
  '{"type":"vector_reset","data":{"seq":2,"seeds":[1,2,3]}}', '{"type":"vector_reset","data":{"seq":2,"reset_mask":["x"]}}',
  '{"type":"vector_reset","data":{"seq":2,"task_ids":["inc-1"]}}', '{"type":"vector_open","data":{"num_envs":0}}',
  '{"type":"vector_open","data":{"num_envs":1e9}}', '{"type":"vector_open","data":{"num_envs":1,"task_ids":[]}}',
  '{"type":"vector_info","data":{"envs":[-1]}}', '{"type":"vector_info","data":{"envs":[99]}}',
  '{"type":"vector_step","data":{"seq":2,"actions":[{"__proto__":{"polluted":1}}]}}',
  `{"type":"vector_step","data":{"seq":2,"actions":[${"[".repeat(5000)}${"]".repeat(5000)}]}}`,
];

const kinds: Readonly<Record<string, (rng: Rng) => Pick<Stream, "bytes" | "wants">>> = {
  "batch that is none": (rng) => ({ bytes: binary(some(rng, 200)), wants: "alive" }),
  "batch cut short": (rng) => ({ bytes: binary(stepRequest({}).subarray(0, wholeNumber(rng, 0, 17))), wants: "alive" }),
  "batch of another length": (rng) => ({
    bytes: binary(stepRequest({ count: pick(rng, [0, 2, 1000, 0xffffffff]) })),
    wants: "alive",
  }),
  "batch for others": (rng) => ({
    bytes: binary(stepRequest({ count: 3, actions: [0, 1, wholeNumber(rng, 0, 0xffff)] })),
    wants: "alive",
  }),
  "batch with a wrong head": (rng) => ({
    bytes: binary(stepRequest(rng() < 0.5 ? { magic: 7 } : { kind: wholeNumber(rng, 2, 0xffffffff) })),
    wants: "alive",
  }),
  "batch out of turn": (rng) => ({
    bytes: binary(stepRequest({ seq: pick(rng, [0, 1, 3, 0xffffffff]) })),
    wants: "alive",
  }),
  "action of no table": (rng) => ({
    bytes: binary(stepRequest({ actions: [wholeNumber(rng, 5000, 0xffff)] })),
    wants: "alive",
  }),
  "wrong text on a vector socket": (rng) => ({ bytes: text(pick(rng, WRONG_TEXTS)), wants: "any" }),
  "vector frame too long": () => ({
    bytes: frameBytes({ opcode: OPCODES.binary, announced: BigInt(LARGEST_FRAME + 1), payload: Buffer.alloc(100) }),
    wants: 1009,
  }),
};
const NAMES = Object.keys(kinds);

/** A hostile stream on `/vector`, before or after environments are open. */
export function vectorStream(rng: Rng, host: string): Stream {
  const kind = pick(rng, NAMES);
  const before = pick(rng, [[], [OPEN], [OPEN, RESET]]);
  const { bytes, wants } = (kinds[kind] as (typeof kinds)[string])(rng);
  return {
    kind,
    path: "/vector",
    bytes: Buffer.concat([Buffer.from(handshake(host, "/vector")), ...before, bytes]),
    wants,
  };
}
