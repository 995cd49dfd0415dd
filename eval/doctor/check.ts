/** Whether something is as a run needs it. `warn`: a run works, and something about it is worth knowing. */
export type Health = "ok" | "warn" | "fail";

/** One thing that was looked at. */
export interface Check {
  /** A model's name, or `machine`. */
  readonly of: string;
  readonly what: string;
  readonly health: Health;
  /** What was found and, where it is not well, what to try. */
  readonly detail: string;
}

/** Notes checks of one thing. */
export const checksOf = (of: string) => {
  const checks: Check[] = [];
  const note =
    (health: Health) =>
    (what: string, detail: string): void =>
      void checks.push({ of, what, health, detail });
  return { checks, ok: note("ok"), warn: note("warn"), fail: note("fail") };
};
