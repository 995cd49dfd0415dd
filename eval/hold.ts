import type { ResultStore, RunOwner } from "../env/store/store.ts";
import type { Clock } from "./clock.ts";
import { isAlive, thisProcess } from "./owner.ts";

/** Between two signs of life of the process that plays a run. */
const BEAT_MS = 5_000;

/** The run is being played by a process that lives. */
export class RunHeld extends Error {
  readonly owner: RunOwner;

  constructor(runId: string, owner: RunOwner) {
    super(`Run ${runId} is being played by process ${owner.pid} on ${owner.host}.`);
    this.owner = owner;
  }
}

/** A run that this process plays, until another takes it for dead and takes it over. */
export class Hold {
  readonly token: string;
  readonly #runId: string;
  readonly #store: Pick<ResultStore, "beatRun">;
  readonly #clock: Clock;
  #beatAt: Readonly<Record<"wall" | "monotonic", number>>;
  #isLost = false;

  constructor(runId: string, token: string, { store, clock }: HoldDeps) {
    this.token = token;
    this.#runId = runId;
    this.#store = store;
    this.#clock = clock;
    this.#beatAt = momentOf(clock);
  }

  /** Whether another process has the run by now. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Takes note that the store has refused this process as the holder. */
  lose(): void {
    this.#isLost = true;
  }

  /** Gives a sign of life if one is due. Call it every second or so. */
  async beat(): Promise<void> {
    const now = momentOf(this.#clock);
    const elapsed = now.monotonic - this.#beatAt.monotonic;
    // Others judge by the wall clock, which goes on while a machine sleeps, and can be set.
    const seen = Math.abs(now.wall - this.#beatAt.wall);
    if (this.#isLost || Math.max(elapsed, seen) < BEAT_MS) return;
    this.#beatAt = now;
    if (!(await this.#store.beatRun(this.#runId, this.token, now.wall))) this.#isLost = true;
  }
}

const momentOf = (clock: Clock) => ({ wall: clock.now(), monotonic: clock.monotonic() });

export interface HoldDeps {
  readonly store: Pick<ResultStore, "run" | "holdRun" | "beatRun">;
  readonly clock: Clock;
}

/**
 * Takes a run for this process, also from a process that has died or fallen silent.
 * @throws RunHeld while another process lives
 */
export async function takeHold(runId: string, deps: HoldDeps): Promise<Hold> {
  const { store, clock } = deps;
  const stored = await store.run(runId);
  const held = stored?.owner ?? null;
  if (held !== null && isAlive(held, stored?.heartbeatAt ?? 0, clock.now()) !== "dead") throw new RunHeld(runId, held);
  const owner = thisProcess();
  const answer = await store.holdRun(runId, { owner, at: clock.now(), replaces: held?.token ?? null });
  if (answer.status === "refused") throw new RunHeld(runId, answer.owner);
  return new Hold(runId, owner.token, deps);
}
