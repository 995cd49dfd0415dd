import { bar, numbered, oncall, shown, tested } from "../row.ts";
import type { Section } from "../row.ts";

export const sreZeroHarness: Section = {
  title: "What SRE-Zero's harness does and ours must not",
  about: "",
  ids: numbered("ZW", 20),
  rows: [
    shown(
      "ZW-01",
      "rank a dead provider",
      tested("eval/run-models", "a dead provider: given up after three episodes"),
      tested("eval/stats/missing", "the bounds count every unscored episode once as failed"),
    ),
    shown(
      "ZW-02",
      "keep providers' failures after a resume",
      tested("eval/cli/sittings", "because of its provider: retry-errors plays what has no score"),
    ),
    shown(
      "ZW-03 ZW-15",
      "lose a run with one torn file; write the whole run for each episode",
      tested("eval/checkpoint/checkpoints", "at any step loses no result"),
      tested("eval/checkpoint/checkpoints", "repair"),
      bar("sweep"),
    ),
    shown(
      "ZW-04",
      "resume as something else unnoticed",
      tested("eval/cli/sittings", "is never resumed as something else"),
      tested("eval/plan/fingerprint", "a fingerprint"),
    ),
    shown(
      "ZW-05 ZW-06",
      "retry what cannot succeed, and not what can",
      tested("eval/provider/fault-matrix", "every fault of the mock has its row here"),
      tested("eval/provider/traces", "401: one attempt, the breaker untouched"),
    ),
    shown("ZW-07", "pass over Retry-After", tested("eval/provider/traces", "429 with Retry-After: 40, then ok")),
    shown(
      "ZW-08",
      "time out on a single read only",
      tested("eval/provider/client", "F15 a reply just within the deadline is taken"),
      tested("eval/provider/client", "an error whose body hangs ends at the deadline too"),
    ),
    shown(
      "ZW-09 ZW-10",
      "take refusals and filters for errors, cut text for whole",
      tested("agents/llm/read-reply", "a reply without an action says why"),
      tested("eval/run-models", "that play badly are scored badly"),
    ),
    shown(
      "ZW-11",
      "drop usage, cost, latency and request ids",
      oncall("leaderboard --by cost"),
      tested("eval/provider/client", "a call with its times, tokens, cost, hashes and names"),
    ),
    shown(
      "ZW-12",
      "sleep after the last attempt, or deaf to interrupts",
      tested("eval/provider/traces", "given up at 216 without a sleep after the last attempt"),
      tested("eval/provider/gate", "ends at once with the run's signal"),
    ),
    shown(
      "ZW-13",
      "spend hours on a dead endpoint",
      tested("eval/provider/outages", "for good is given up after three episodes"),
    ),
    shown(
      "ZW-14",
      "give each process a new allowance",
      tested("eval/provider/processes", "whoever opens the store again gets no fresh allowance"),
    ),
    shown(
      "ZW-16",
      "complete half an action silently",
      tested("agents/llm/read-reply", "a text that states none is not made into one"),
      tested("agents/llm/agent", "is asked again, told what was wrong, and the step says so"),
    ),
    shown("ZW-17", "let the filter change the seeds", tested("eval/seeds", "do not depend on what else is played")),
    shown(
      "ZW-18",
      "count copies of an episode as samples",
      tested("eval/stats/missing", "equal trajectories of one task count once"),
      tested("tasks/every-task", "comes in every sibling, as the seed chooses"),
    ),
    shown(
      "ZW-19",
      "leave resume, pause and limits untested",
      tested("eval/host-faults/signals", "an interrupt in a wait"),
      tested("eval/provider/fault-matrix", "every fault of the mock has its row here"),
      bar("kill"),
      bar("providers"),
    ),
    shown("ZW-20", "need one shell", oncall("--help")),
  ],
};
