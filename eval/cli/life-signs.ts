import type { SeenStep } from "../episode.ts";
import type { PlannedSlot } from "../plan.ts";
import type { EpisodeEvent } from "../run.ts";

/** How often a run that is waiting says for what. */
const EVERY_MS = 30_000;

/** Says of episodes that take long that they are still being played. */
export interface LifeSigns {
  readonly onStep: (slot: PlannedSlot, step: SeenStep) => void;
  readonly onEpisode: (event: Pick<EpisodeEvent, "slot">) => void;
  readonly stop: () => void;
}

export function showLife(say: (text: string) => void): LifeSigns {
  const running = new Map<PlannedSlot, { readonly since: number; steps: number }>();
  const timer = setInterval(() => {
    const now = performance.now();
    for (const [{ variant, task }, { since, steps }] of running) {
      if (now - since < EVERY_MS) continue;
      say(`${task.id} ${variant.label}: playing for ${Math.round((now - since) / 1000)} s, ${steps} steps`);
    }
  }, EVERY_MS);
  timer.unref();
  return {
    onStep: (slot, { turn }) => {
      const known = running.get(slot) ?? { since: performance.now(), steps: 0 };
      running.set(slot, known);
      if (turn !== null) known.steps += 1;
    },
    onEpisode: ({ slot }) => void running.delete(slot),
    stop: () => clearInterval(timer),
  };
}
