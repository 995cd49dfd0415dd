/**
 * Called with a name just before each step of making something durable: begin, insert, commit, temporary write, fsync,
 * rename. Does nothing in production; tests kill the process or fail the step there.
 */
export type DurableHook = (point: string) => void;

export const NO_HOOK: DurableHook = () => {};
