import { actionDef } from "../env/core/actions/index.ts";
import { parseAction } from "../env/core/actions/parse.ts";
import { actionText } from "../env/core/actions/text.ts";
import { act, beginEpisode } from "../env/core/episode.ts";
import { levelsAt, OBJECTIVES } from "../env/core/slo.ts";
import type { Task } from "../env/core/task.ts";
import { TICK_SECONDS } from "../env/core/time.ts";

/** A replayed episode, tick by tick: what a timeline figure draws. */
export interface ReplayedTimeline {
  readonly title: string;
  readonly objectives: typeof OBJECTIVES;
  readonly ticks: readonly { readonly minutes: number; readonly values: readonly number[] }[];
  readonly actions: readonly {
    readonly minutes: number;
    readonly label: string;
    readonly kind: "observe" | "remediate" | "close";
  }[];
}

/** Ticks before the page that the state still remembers. */
const TICKS_BEFORE = 8;
const MINUTES = TICK_SECONDS / 60;

/** Plays stored actions once more and notes every service level; figures are made of replays, not of stored levels. */
export function replayTimeline(title: string, task: Task, seed: number, actions: readonly unknown[]): ReplayedTimeline {
  const episode = beginEpisode(task, seed, "sparse", 1);
  const { pageTick } = episode.instance;
  const minutesNow = (): number => (episode.state.tick - pageTick) * MINUTES;
  const ticks = Array.from({ length: TICKS_BEFORE }, (_, i) => ({
    minutes: (i + 1 - TICKS_BEFORE) * MINUTES,
    values: levelsAt(episode.state, TICKS_BEFORE - 1 - i),
  }));
  episode.watch = (state) => void ticks.push({ minutes: minutesNow(), values: levelsAt(state, 0) });
  const marks = actions.flatMap((action) => {
    if (episode.verdict !== null) return [];
    const minutes = minutesNow();
    act(episode, action);
    const parsed = parseAction(action);
    if (!parsed.ok) return [];
    return [{ minutes, label: actionText(parsed.action), kind: actionDef(parsed.action.type).kind }];
  });
  return { title, objectives: OBJECTIVES, ticks, actions: marks };
}
