import type { Plan } from "../../plan.ts";
import { budgetText } from "../../provider/budget.ts";
import type { GateWait } from "../../provider/gate.ts";
import type { EpisodeEvent } from "../../run.ts";
import { note, printableLine } from "../output.ts";
import { Tallies } from "./tally.ts";
import type { RunView } from "./view.ts";
import { waitText } from "./waits.ts";

/** Between two lines about all of a run, in milliseconds. */
const LINE_MS = 2000;
/** Waits that are worth a line, and how often the same one is. */
const LONG_WAIT_MS = 5000;
const AGAIN_MS = 30_000;

/**
 * Plain lines on stderr: one for each episode of an agent that asks a model or is a program, and one about all every two
 * seconds, since the others end hundreds a second.
 */
export function showLines(): RunView {
  const tallies = new Tallies();
  const saidAt = new Map<string, number>();
  let shownAt = -Infinity;

  const isTime = (): boolean => {
    const now = performance.now();
    if (now - shownAt < LINE_MS) return false;
    shownAt = now;
    return true;
  };
  const isNews = ({ endpointKey, cause, ms }: GateWait): boolean => {
    const wait = `${endpointKey}/${cause}`;
    const now = performance.now();
    if (ms < LONG_WAIT_MS || now - (saidAt.get(wait) ?? -Infinity) < AGAIN_MS) return false;
    saidAt.set(wait, now);
    return true;
  };

  return {
    launch: (plan, done) => {
      if (done === 0) tallies.expect(slotsByLabel(plan));
      note(launchText(plan, done));
    },
    episode: (event) => {
      tallies.add(event);
      const isLast = event.done === event.planned;
      if (asksSomebody(event) || event.error !== null) note(episodeText(event));
      if (isTime() || isLast) note(`${event.done}/${event.planned} episodes${tallies.etaText} | ${tallies.text}`);
    },
    halt: ({ variants, reason }) => note(`Stopped ${printableLine(variants.join(", "))}: ${reason}`),
    budget: (stop) => note(budgetText(stop)),
    wait: (wait) => {
      if (isNews(wait)) note(waitText(wait));
    },
    say: note,
    end: () => {},
  };
}

export const launchText = ({ runId, variants, tasks, slots }: Plan, done: number): string =>
  `Run ${runId}: ${variants.length} agents, ${tasks.length} incidents, ${slots.length} episodes` +
  (done === 0 ? "." : `, ${done} of them scored before.`);

export const slotsByLabel = ({ slots }: Plan): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const { variant } of slots) counts.set(variant.label, (counts.get(variant.label) ?? 0) + 1);
  return counts;
};

const asksSomebody = ({ slot: { variant } }: EpisodeEvent): boolean =>
  variant.model !== null || variant.agent.kind === "command";

/** A bug of ours is shown with its place. */
export function episodeText({ slot, outcome, score, tokens, error, stack }: EpisodeEvent): string {
  const scored = score === null ? "" : ` ${score.toFixed(2)}`;
  const used = tokens === null ? "" : `, ${tokens} tokens`;
  const why = error === null ? "" : `: ${stack ?? error}`;
  return `${slot.task.id} ${printableLine(slot.variant.label)} trial ${slot.trial + 1}: ${outcome}${scored}${used}${why}`;
}
