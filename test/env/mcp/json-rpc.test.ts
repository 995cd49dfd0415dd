import { describe, expect, test } from "vitest";
import { failure, readRequest, RpcError, success } from "../../../env/mcp/json-rpc.ts";

const base = { jsonrpc: "2.0", method: "tools/list" };

describe("a request", () => {
  test.for([
    [{ ...base, id: 1 }, 1],
    [{ ...base, id: "a" }, "a"],
    [{ ...base, id: 1.5, params: {} }, 1.5],
    [{ ...base, id: null }, null],
    [base, null],
  ] as const)("%j is read, with the id %j", ([value, id]) => {
    expect(readRequest(value)).toEqual({ ok: true, id, request: { method: "tools/list", params: {} } });
  });

  test.for([
    [{}, null, /jsonrpc/],
    [{ ...base, jsonrpc: "1.0", id: 4 }, 4, /jsonrpc: expected "2.0"/],
    [{ jsonrpc: "2.0", id: 4 }, 4, /method: expected the name of a method/],
    [{ ...base, method: 3, id: "x" }, "x", /method/],
    [{ ...base, params: null, id: 4 }, 4, /params: expected an object/],
    [{ ...base, params: [], id: 4 }, 4, /params: expected an object/],
    [{ ...base, params: "x" }, null, /params: expected an object/],
    [{ ...base, id: true }, null, /id: expected a text, a number or null/],
    [{ ...base, id: {} }, null, /id/],
    [{ ...base, id: Infinity }, null, /id/],
    [{ ...base, id: 4, extra: 1 }, 4, /extra/],
    [JSON.parse('{"jsonrpc":"2.0","method":"tools/list","id":4,"__proto__":{}}'), 4, /__proto__/],
  ] as const)("%j is refused, under the id %j where that was understood", ([value, id, reason]) => {
    const read = readRequest(value as object);
    expect(read).toMatchObject({ ok: false, id, error: { code: "invalidRequest" } });
    expect((read as { error: Error }).error.message).toMatch(reason);
  });
});

describe("a response", () => {
  test("carries the id and one of result and error", () => {
    expect(JSON.stringify(success(7, { a: 1 }))).toBe('{"jsonrpc":"2.0","id":7,"result":{"a":1}}');
  });

  test("always has data beside an error", () => {
    const error = new RpcError("invalidParams", "No.");
    expect(JSON.stringify(failure(null, error))).toBe(
      '{"jsonrpc":"2.0","id":null,"error":{"code":-32602,"message":"No.","data":null}}',
    );
  });
});
