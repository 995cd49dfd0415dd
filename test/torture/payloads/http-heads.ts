import { pick, wholeNumber } from "../../../env/core/rng.ts";
import type { Rng } from "../../../env/core/rng.ts";

const METHODS = [
  "GET",
  "POST",
  "PUT",
  "DELETE",
  "OPTIONS",
  "TRACE",
  "CONNECT",
  "get",
  "G\0T",
  "",
  "BREW",
  "A".repeat(300),
];
// prettier-ignore
const TARGETS = [
  "/", "/ws", "/health", "/reset", "/step", "/state", "/mcp", "/vector", "/schema", "/openapi.json", "/e/x/mcp",
  "*", "", "//", "/%", "/%00", "/%ff%fe", "/../../etc/passwd", "/ws/..%2f", "http://evil.example/ws", "/é", "/\x01", "/a b",
  `/${"x".repeat(5000)}`, `/ws?${"session_id=a&".repeat(900)}`, "/ws?session_id=%00", "/ws#x", "/WS", "ws",
];
const VERSIONS = [
  "HTTP/1.1",
  "HTTP/1.0",
  "HTTP/0.9",
  "HTTP/1.2",
  "HTTP/2.0",
  "HTTP/9.9",
  "HTTP/",
  "http/1.1",
  "HTCPCP/1.0",
  "",
];
// prettier-ignore
const HEADERS = [
  "Host: evil.example", "Host:", "Host: 127.0.0.1\r\nHost: localhost", "Origin: null", "Origin: http://evil.example",
  "Content-Length: 5", "Content-Length: -1", "Content-Length: 1e3", "Content-Length: 4\r\nContent-Length: 9",
  "Content-Length: 99999999999999999999", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked, gzip",
  "Transfer-Encoding: chunked\r\nContent-Length: 3", "Expect: 100-continue", "Expect: a miracle", "Connection: close",
  "Connection: upgrade\r\nUpgrade: h2c", "Connection: Upgrade\r\nUpgrade: websocket",
  "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 12\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short",
  "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13",
  "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99", "Sec-WebSocket-Protocol: ,,,",
  "Sec-WebSocket-Protocol: bearer., oncall", "Authorization: Bearer", "Content-Type: application/json", "Content-Type: x",
  "X-Session-Id: new", "X-Session-Id: ../..", "Mcp-Session-Id: 1", "MCP-Protocol-Version: 1", "Accept: text/event-stream",
  "no colon", "Space : before", ": nameless", " folded: line", "X-Nul: a\0b", "X-Bytes: \xff\xfe", `X-Long: ${"y".repeat(17_000)}`,
  Array.from({ length: 300 }, (_, i) => `X-${i}: ${i}`).join("\r\n"), "__proto__: x", "constructor: x",
];
const LINE_ENDS = ["\r\n", "\r\n", "\r\n", "\r\n", "\n", "\r", "\r\r\n", "\0\r\n"];
const BODIES = [
  "",
  "",
  "",
  "{}",
  "5\r\nhello\r\n0\r\n\r\n",
  "fffffffffffffffff\r\nx",
  "-1\r\n",
  "5;ext=1\r\nhello\r\n",
  "\0\0\0",
];

/** Bytes that are another protocol's. */
const STRANGERS: readonly Buffer[] = [
  Buffer.from("16030100c8010000c403035f", "hex"), // a TLS client hello
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  Buffer.from("SSH-2.0-OpenSSH_9.2\r\n"),
  Buffer.from("EHLO localhost\r\n"),
  Buffer.from("\r\n\r\n\r\n"),
  Buffer.alloc(300),
];

/** The head of a request in which most things may be wrong, with some body, cut at any byte now and then. */
export function hostileHead(rng: Rng, host: string): Buffer {
  if (rng() < 0.03) return pick(rng, STRANGERS);
  const end = pick(rng, LINE_ENDS);
  const line = [pick(rng, METHODS), pick(rng, TARGETS), pick(rng, VERSIONS)].join(rng() < 0.95 ? " " : "\t");
  const headers = Array.from({ length: wholeNumber(rng, 0, 4) }, () => pick(rng, HEADERS));
  const own = rng() < 0.7 ? [`Host: ${host}`] : [];
  const text = [line, ...own, ...headers, "", pick(rng, BODIES)].join(end);
  const bytes = Buffer.from(text, "latin1");
  return rng() < 0.2 ? bytes.subarray(0, wholeNumber(rng, 0, bytes.length)) : bytes;
}

/** Sound parts drawn too rarely by chance: every header on every path, in an otherwise sound request. */
export const soundButForOne = (rng: Rng, host: string): Buffer =>
  Buffer.from(`GET ${pick(rng, TARGETS)} HTTP/1.1\r\nHost: ${host}\r\n${pick(rng, HEADERS)}\r\n\r\n`, "latin1");
