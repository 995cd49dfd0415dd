import { z } from "zod";

/** Error codes of JSON-RPC 2.0; those from −32000 on are a server's own. */
export const RPC_CODES = {
  parseError: -32_700,
  invalidRequest: -32_600,
  methodNotFound: -32_601,
  invalidParams: -32_602,
  internalError: -32_603,
  serverError: -32_000,
} as const;
export type RpcCode = keyof typeof RPC_CODES;

export type RequestId = string | number | null;
type Params = Readonly<Record<string, unknown>>;

export interface RpcRequest {
  readonly method: string;
  /** Empty where there were none. */
  readonly params: Params;
}

/** Why a request was not carried out. */
export class RpcError extends Error {
  readonly code: RpcCode;
  readonly data: object | null;

  constructor(code: RpcCode, message: string, data: object | null = null) {
    super(message);
    this.name = "RpcError";
    this.code = code;
    this.data = data;
  }
}

/** A request or what is wrong with it; under null where there was no id that can be repeated. */
export type ReadRequest = { readonly id: RequestId } & (
  | { readonly ok: true; readonly request: RpcRequest }
  | { readonly ok: false; readonly error: RpcError }
);

const Id = z.union([z.string(), z.number(), z.null()], "expected a text, a number or null");
const Request = z.strictObject({
  jsonrpc: z.literal("2.0", 'expected "2.0"'),
  method: z.string("expected the name of a method"),
  params: z
    .custom<Params>(
      (value) => typeof value === "object" && value !== null && !Array.isArray(value),
      "expected an object",
    )
    .optional(),
  id: Id.optional(),
});

/** Reads a parsed JSON object as a request. Strict, as OpenEnv is: an unknown key is refused; a missing id is not. */
export function readRequest(value: object): ReadRequest {
  const parsed = Request.safeParse(value);
  if (parsed.success) {
    const { method, params = {}, id = null } = parsed.data;
    return { ok: true, id, request: { method, params } };
  }
  const [issue] = parsed.error.issues;
  const place = issue?.path.length === 0 ? "" : `${String(issue?.path[0])}: `;
  const error = new RpcError("invalidRequest", `Invalid request. ${place}${(issue?.message ?? "").toWellFormed()}.`);
  const id = Id.safeParse(Object.hasOwn(value, "id") ? (value as { id: unknown }).id : null);
  return { ok: false, id: id.success ? id.data : null, error };
}

/** A response as data. */
export const success = (id: RequestId, result: object) => ({ jsonrpc: "2.0", id, result }) as const;
export const failure = (id: RequestId, { code, message, data }: RpcError) =>
  ({ jsonrpc: "2.0", id, error: { code: RPC_CODES[code], message, data } }) as const;
export type RpcResponse = ReturnType<typeof success> | ReturnType<typeof failure>;
