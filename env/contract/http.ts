import type { ResetTurn, StepTurn } from "./turns.ts";

/** Where OpenEnv has no place of its own for `terminated`, `truncated` and `info`: an observation's metadata. */
interface Metadata {
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly info: object;
}

/** Data of an observation frame, and the body of a reset or step over HTTP. */
export interface ObservationBody {
  /** What the agent sees. June's clients read the metadata in here. */
  readonly observation: ResetTurn["observation"] & { readonly metadata: Metadata };
  /** Null after a reset, finite after every step. */
  readonly reward: number | null;
  /** `terminated || truncated` */
  readonly done: boolean;
  /** Later clients read the metadata here. */
  readonly metadata: Metadata;
}

/**
 * A reset on the wire. The metadata is sent twice, and the nested copy keeps its `info` to itself until the end: many
 * harnesses show the whole observation to the model, and `info` belongs to the control plane.
 */
export const resetBody = ({ observation, info }: ResetTurn): ObservationBody => ({
  observation: { ...observation, metadata: { terminated: false, truncated: false, info: {} } },
  reward: null,
  done: false,
  metadata: { terminated: false, truncated: false, info },
});

/** A step on the wire; once it is done, both copies of the metadata carry everything. */
export function stepBody({ observation, reward, terminated, truncated, info }: StepTurn): ObservationBody {
  const done = terminated || truncated;
  const metadata = { terminated, truncated, info };
  return {
    observation: { ...observation, metadata: done ? metadata : { terminated, truncated, info: {} } },
    reward,
    done,
    metadata,
  };
}

/** Refusals by the transport itself; those by the environment are in the core's table. */
export const HTTP_ERRORS = {
  NOT_FOUND: { status: 404, detail: "Nothing is served at this path. GET / lists what is." },
  METHOD_NOT_ALLOWED: { status: 405, detail: "This path is served, but not for this method." },
  INVALID_REQUEST: { status: 400, detail: "Expected a well-formed HTTP request." },
  TOO_LARGE: { status: 413, detail: "The body is larger than this server accepts." },
  UNAUTHORIZED: { status: 401, detail: "Expected the control token: Authorization: Bearer <token>." },
  FORBIDDEN_HOST: { status: 403, detail: "This Host is not allowed. The operator can add it to the allowed hosts." },
  FORBIDDEN_ORIGIN: {
    status: 403,
    detail: "This Origin is not allowed. The operator can add it to the allowed origins.",
  },
  UNAVAILABLE: { status: 503, detail: "The server is shutting down." },
} as const;
export type HttpErrorCode = keyof typeof HTTP_ERRORS;

/** Body of every refusal but 422. */
export interface ErrorBody {
  /** One sentence. */
  readonly detail: string;
  readonly code: string;
}
