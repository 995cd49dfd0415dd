import fc from "fast-check";
import { ACTION_TYPES } from "../../../env/contract/index.ts";
import type { Schema } from "./from-schema.ts";
import { actionsFrom } from "./actions.ts";
import { mutated, oddValue } from "./request.ts";
import type { Kind } from "./request.ts";

/** Requests of OpenEnv's JSON-RPC dialect as objects; `session` goes where a session is named. */
export function rpcRequests(published: Schema, session: object): Readonly<Record<Kind, fc.Arbitrary<object>>> {
  const actions = actionsFrom(published);
  const id = fc.oneof(fc.nat(), fc.string(), fc.constant(null));
  const call = (name: fc.Arbitrary<unknown>, given: fc.Arbitrary<unknown>): fc.Arbitrary<object> =>
    fc
      .record({ name, arguments: given })
      .map((params) => ({ method: "tools/call", params: { ...params, ...session } }));
  const toolCall = (kind: Kind): fc.Arbitrary<object> =>
    actions[kind]
      .filter((action) => ACTION_TYPES.some((type) => type === (action as { type?: unknown } | null)?.type))
      .map((action) => {
        const { type: name, metadata: _dropped, ...given } = action as Record<string, unknown>;
        return { method: "tools/call", params: { name, arguments: given, ...session } };
      });
  const list = fc.constantFrom(
    { method: "tools/list" },
    { method: "tools/list", params: session },
    { method: "tools/call", params: { name: "get_briefing", ...session } },
  );
  const sound = (requests: fc.Arbitrary<object>): fc.Arbitrary<object> =>
    fc
      .tuple(requests, fc.record({ id }, { requiredKeys: [] }))
      .map(([request, own]) => ({ jsonrpc: "2.0", ...own, ...request }));
  return {
    valid: sound(fc.oneof(toolCall("valid"), list)),
    near: fc.oneof(mutated(sound(fc.oneof(toolCall("near"), list))), sound(toolCall("near"))),
    negative: fc.oneof(
      sound(toolCall("negative")),
      sound(call(fc.constantFrom("reset", "step", "state", "", "__proto__", "inspect"), fc.constant({}))),
      sound(call(fc.constantFrom(...ACTION_TYPES), fc.constantFrom<unknown>([], "cache", 5, true))),
      sound(
        fc.constantFrom("reset", "tools", "", "constructor", "openenv/session/reset").map((method) => ({ method })),
      ),
      sound(list).map((request) => ({ ...request, jsonrpc: "1.0" })),
      sound(list).map((request) => ({ ...request, extra: 1 })),
      fc
        .tuple(sound(list), fc.constantFrom<unknown>([], null, "x", 5))
        .map(([request, params]) => ({ ...request, params })),
      sound(fc.constant({ method: "tools/list", params: { session_id: "none" } })),
      sound(fc.constant({ method: "openenv/session/close", params: {} })),
      fc
        .tuple(
          sound(list),
          oddValue.filter((odd) => odd !== "tools/list"),
        )
        .map(([request, method]) => ({ ...request, method })),
      fc.constant({}),
    ),
  };
}
