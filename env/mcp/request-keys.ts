import { z } from "zod";
import { ExpectedStep, RequestId } from "../contract/request-keys.ts";
import type { RequestKeys } from "../session/requests.ts";
import { RpcError } from "./json-rpc.ts";

const REQUEST_ID = "oncall-gym/request_id";
const EXPECTED_STEP = "oncall-gym/expected_step";

const Meta = z.object({ [REQUEST_ID]: RequestId.nullish(), [EXPECTED_STEP]: ExpectedStep.nullish() });

/**
 * What `_meta` of a call says about repeating it. Other keys are other people's.
 * @throws RpcError for an ill-typed one: a client that relies on it must not be left without
 */
export function requestKeys(meta: unknown): RequestKeys {
  const parsed = Meta.safeParse(meta ?? {});
  if (parsed.success) {
    return { requestId: parsed.data[REQUEST_ID] ?? undefined, expectedStep: parsed.data[EXPECTED_STEP] ?? undefined };
  }
  const [issue] = parsed.error.issues;
  const place = ["_meta", ...(issue?.path ?? [])].map(String).join(".");
  throw new RpcError("invalidParams", `Invalid params. ${place}: ${issue?.message ?? "not understood"}.`);
}
