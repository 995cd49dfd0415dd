import type { ErrorCode } from "../core/errors.ts";

/** HTTP status of each refusal by the environment. A new code does not compile until it is mapped. */
export const errorStatus: Readonly<Record<ErrorCode, number>> = {
  NOT_RESET: 409,
  EPISODE_DONE: 409,
  BAD_OPTION: 422,
  STEP_CONFLICT: 409,
  REQUEST_ID_REUSED: 409,
  INTERNAL: 500,
};
