/** One frame of a client as RFC 6455 (5.2) lays it out; anything may be wrong on purpose. */
export interface FrameFields {
  /** 0 continuation, 1 text, 2 binary, 8 close, 9 ping, 10 pong; the others are reserved. */
  readonly opcode?: number;
  readonly fin?: boolean;
  /** The three reserved bits, 0 to 7. */
  readonly rsv?: number;
  readonly masked?: boolean;
  readonly payload?: Buffer;
  /** What the length field says; absent: what is true. */
  readonly announced?: bigint;
}

export const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/** The bytes of a frame. */
export function frameBytes({
  opcode = OPCODES.text,
  fin = true,
  rsv = 0,
  masked = true,
  payload = Buffer.alloc(0),
  announced = BigInt(payload.length),
}: FrameFields): Buffer {
  const length = lengthBytes(announced);
  length[0] = (length[0] as number) | (masked ? 0x80 : 0);
  const head = Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | opcode]);
  const body = masked ? payload.map((byte, i) => byte ^ (MASK[i % 4] as number)) : payload;
  return Buffer.concat([head, length, masked ? MASK : Buffer.alloc(0), body]);
}

/** The payload of a close frame. */
export function closePayload(code: number, reason: string | Buffer = ""): Buffer {
  const payload = Buffer.alloc(2);
  payload.writeUInt16BE(code);
  return Buffer.concat([payload, Buffer.from(reason)]);
}

/** A handshake for a path that nothing is wrong with. */
export const handshake = (host: string, path = "/ws"): string =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/** What a server has sent so far on a socket. */
export interface Received {
  /** Null before the head is complete. */
  readonly status: number | null;
  readonly texts: readonly string[];
  /** Code of its close frame; 1005 for one without a code, null before it. */
  readonly closeCode: number | null;
}

/** Reads all bytes that a server sent: the head of its answer, then frames. */
export function readReceived(bytes: Buffer): Received {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return { status: null, texts: [], closeCode: null };
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(bytes.toString("latin1", 0, end))?.[1] ?? Number.NaN);
  if (status !== 101) return { status, texts: [], closeCode: null };
  const texts: string[] = [];
  for (let at = end + 4; ;) {
    const frame = frameAt(bytes, at);
    if (frame === null) return { status, texts, closeCode: null };
    if (frame.opcode === OPCODES.text) texts.push(frame.payload.toString());
    if (frame.opcode === OPCODES.close) {
      return { status, texts, closeCode: frame.payload.length < 2 ? 1005 : frame.payload.readUInt16BE() };
    }
    at = frame.end;
  }
}

/** A server's frame, unmasked and unfragmented; null while it is not complete. */
function frameAt(bytes: Buffer, at: number): { opcode: number; payload: Buffer; end: number } | null {
  if (bytes.length < at + 2) return null;
  const short = (bytes[at + 1] as number) & 0x7f;
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
  const start = at + 2 + extra;
  if (bytes.length < start) return null;
  const length = extra === 0 ? short : extra === 2 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
  if (bytes.length < start + length) return null;
  const opcode = (bytes[at] as number) & 0x0f;
  return { opcode, payload: bytes.subarray(start, start + length), end: start + length };
}

/** The shortest form of the length, without the mask bit. */
function lengthBytes(length: bigint): Buffer {
  if (length < 126n) return Buffer.from([Number(length)]);
  if (length < 65_536n) return Buffer.from([126, Number(length >> 8n), Number(length & 255n)]);
  const long = Buffer.alloc(9);
  long[0] = 127;
  long.writeBigUInt64BE(length, 1);
  return long;
}
