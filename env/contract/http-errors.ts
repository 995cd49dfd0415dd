/** Refusals by the transport itself; those by the environment are in the core's table. */
export const HTTP_ERRORS = {
  NOT_FOUND: { status: 404, detail: "Nothing is served at this path. GET / lists what is." },
  UNKNOWN_SESSION: { status: 404, detail: "There is no such session, or it is over. POST /reset opens one." },
  UNKNOWN_ENVIRONMENT: { status: 404, detail: "There is no such environment. GET /list_environments lists them." },
  METHOD_NOT_ALLOWED: { status: 405, detail: "This path is served, but not for this method." },
  INVALID_REQUEST: { status: 400, detail: "Expected a well-formed HTTP request." },
  BAD_AGENT_NAME: {
    status: 400,
    detail: "Expected an agent's name of 1 to 100 letters, digits, spaces or any of ._:/@+-.",
  },
  UNKNOWN_SPLIT: { status: 400, detail: "There is no such split. GET /oncall_gym/splits lists them." },
  BAD_TASK_INDEX: { status: 400, detail: "Invalid task index" }, // OpenEnv's words
  TIMED_OUT: { status: 408, detail: "The request took too long to arrive." },
  TOO_LARGE: { status: 413, detail: "The body is larger than this server accepts." },
  HEAD_TOO_LARGE: { status: 431, detail: "The head of the request is larger than this server accepts." },
  UNAUTHORIZED: { status: 401, detail: "Expected a token: Authorization: Bearer <token>." },
  CONTROL_ONLY: { status: 403, detail: "An agent's token does not open this path." },
  FORBIDDEN_HOST: { status: 403, detail: "This Host is not allowed. The operator can add it to the allowed hosts." },
  FORBIDDEN_ORIGIN: {
    status: 403,
    detail: "This Origin is not allowed. The operator can add it to the allowed origins.",
  },
  CAPACITY_REACHED: {
    status: 503,
    detail: "All episodes of this server are taken. Try again when one has ended.",
  },
  UNAVAILABLE: { status: 503, detail: "The server is shutting down." },
} as const;
export type HttpErrorCode = keyof typeof HTTP_ERRORS;

/** Body of every refusal but that of an invalid body. */
export interface ErrorBody {
  /** One sentence. */
  readonly detail: string;
  readonly code: string;
  /** Where the episode is, beside STEP_CONFLICT. */
  readonly step_count?: number;
}

/** What is wrong with one place of a body; `loc` begins with "body". */
export interface BodyIssue {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  /** What came there; null for what is missing or is no short value. */
  readonly input: string | number | boolean | null;
}

/** Body of a 422. */
export interface InvalidBody {
  readonly detail: readonly BodyIssue[];
}
