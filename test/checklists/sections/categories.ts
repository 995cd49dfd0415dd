import { differently, oncall, shown, tested } from "../row.ts";
import type { Row, Section } from "../row.ts";

const view = oncall("leaderboard --by skill");
const category = (id: string, what: string): Row => ({ ...shown("", what, view), ids: [id] });

const MEASURED =
  "tool calling, tool selection, multi-step chains, structured output, long context, cost efficiency, " +
  "agentic workflow, error recovery, coding";

export const categories: Section = {
  title: "Skill categories",
  about:
    "The mean of the checks that apply, per episode, then per task, then over tasks. Never added up to one number.",
  ids: [...MEASURED.split(", "), "composites", "order"],
  rows: [
    category("tool calling", "single calls, on all incidents"),
    category("tool selection", "the right call, on all incidents"),
    category("multi-step chains", "incidents with a fix"),
    category("structured output", "the close, on all incidents"),
    category("long context", "evidence in three services, or in the history of a key"),
    {
      ...category("cost efficiency", "successes only; tokens and cost for each"),
      proofs: [view, oncall("leaderboard --by cost")],
    },
    category("agentic workflow", "hard incidents"),
    category("error recovery", "episodes with a setback, n beside it"),
    differently(category("coding", "not measured"), "printed as n/a, and in no mean"),
    {
      ...category("composites", "tool_call_success, task_completion, rework_rate"),
      proofs: [view, oncall("leaderboard --by skill --json")],
    },
    {
      ...category("order", "expert 1 in each; closing at once 0 or nothing; random below runbook in all but the first"),
      proofs: [
        tested("eval/report/leaderboard", "the expert passes every check that applies, and random stays below"),
        tested("eval/report/leaderboard", "who closes at once has nothing in any skill"),
        tested("checklists/measures", "on every incident"),
      ],
    },
  ],
};
