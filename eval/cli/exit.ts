/** What the exit code of a command means. */
export const EXIT = { ok: 0, failed: 1, usage: 2, verification: 7, interrupted: 130 } as const;
