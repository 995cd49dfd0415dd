/** Why the server closes a WebSocket. Python's `websockets` counts only 1000 and 1001 as orderly. */
export const CLOSE_CODES = {
  /** Asked for, or after an error frame that says why. */
  normal: 1000,
  /** The server is shutting down; an episode can be played again elsewhere. */
  draining: 1012,
  /** No room for as many environments as were asked for. */
  full: 1013,
  /** No reset or step for too long. */
  idle: 4408,
  /** The session goes on elsewhere, or was ended from elsewhere. */
  superseded: 4409,
} as const;
