import type { EpisodeEvent } from "../../run.ts";
import { note, printJsonLine } from "../output.ts";
import type { RunView } from "./view.ts";

/** One JSON document a line on stdout: `launch`, `episode` and `event` as they come, `done` at the end. */
export function streamJson(): RunView {
  let waitingFor: string | null = null;
  return {
    launch: ({ runId, variants, tasks, trials, slots, fingerprint }, done) =>
      write("launch", {
        run_id: runId,
        agents: variants.map(({ label }) => label),
        tasks: tasks.map(({ id }) => id),
        trials,
        planned: slots.length,
        done,
        fingerprint,
      }),
    episode: (event) => write("episode", episodeJson(event)),
    halt: (stopped) => write("event", { event: "halt", ...stopped }),
    budget: (stop) => write("event", { event: "budget", ...stop }),
    wait: ({ endpointKey, cause, ms }) => {
      const wait = `${endpointKey}/${cause}`;
      if (wait === waitingFor) return;
      waitingFor = wait;
      write("event", { event: "wait", endpoint: endpointKey, cause, ms: Math.round(ms) });
    },
    say: note,
    end: (summary) => {
      if (summary !== null) write("done", summary);
    },
  };
}

const write = (type: string, data: object): void => printJsonLine({ type, ...data });

const episodeJson = ({ slot, outcome, score, tokens, costUusd, done, planned, error }: EpisodeEvent) => ({
  agent: slot.variant.label,
  task: slot.task.id,
  trial: slot.trial,
  seed: slot.seed,
  outcome,
  score,
  tokens,
  cost_uusd: costUusd,
  error,
  done,
  planned,
});
