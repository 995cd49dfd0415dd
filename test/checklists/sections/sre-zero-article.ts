import { bar, numbered, oncall, shown, tested } from "../row.ts";
import type { Section } from "../row.ts";

export const sreZeroArticle: Section = {
  title: "SRE-Zero, the article",
  about: "",
  ids: numbered("S", 18),
  rows: [
    shown(
      "S-01",
      "40 seeded incidents, five services, three bands",
      oncall("tasks list"),
      tested("tasks/every-task", "has ten easy, fourteen medium and sixteen hard tasks"),
    ),
    shown(
      "S-02",
      "structured actions, and their text form",
      tested("env/core/actions", "an action that the catalogue describes"),
      tested("env/core/text-form", "says an action so that it can be read back"),
    ),
    shown(
      "S-03",
      "partial credit, and six measures beside it",
      oncall("leaderboard"),
      oncall("export csv"),
      tested("env/core/score", "and its points sum to it"),
    ),
    shown(
      "S-04",
      "random and scripted anchors",
      oncall("run --agents random,runbook,expert --split dev --db notes/runs/try.db"),
      tested("anchors/anchors", "no policy without answers reaches its bound on score"),
      bar("anchors"),
    ),
    shown(
      "S-05",
      "JSON records, plots, results by task",
      oncall("report"),
      oncall("leaderboard --by task"),
      tested("eval/checkpoint/checkpoints", "are a file for the run and one for each attempt"),
    ),
    shown(
      "S-06",
      "five retries",
      tested("eval/provider/library-facts", "five retries are six attempts"),
      tested("eval/provider/traces", "a dead endpoint: given up at 216"),
    ),
    shown("S-07", "15 s between calls", tested("eval/provider/traces", "healthy: the gap alone")),
    shown("S-08", "5 calls in 60 s", tested("eval/provider/traces", "healthy without a gap: the window alone")),
    shown(
      "S-09",
      "3 failures, then 60 s of pause",
      tested("eval/provider/traces", "three failures, then ok: the breaker opens at 33"),
    ),
    shown(
      "S-10",
      "JSON checkpoints",
      tested("eval/checkpoint/checkpoints", "go to disk step by step"),
      tested("eval/checkpoint/import", "is rebuilt from its folder"),
    ),
    shown(
      "S-11",
      "a run is resumed",
      tested("eval/cli/sittings", "goes on where it was: paused by a file"),
      bar("kill"),
    ),
    shown(
      "S-12",
      "a pause file, which also ends waits",
      tested("eval/host-faults/pause-file", "oncall pause"),
      tested("eval/host-faults/stop-in-wait", "in the middle of a wait"),
    ),
    shown(
      "S-13",
      "the flags of the article's command",
      oncall(
        "run --only-baselines random scripted --task-ids inc-101 inc-102 --deterministic-episodes 2 --llm-max-retries 5 --dry-run",
      ),
      tested("eval/cli/aliases", "is understood"),
    ),
    shown(
      "S-14",
      "providers' errors apart from invalid actions",
      tested("eval/provider/classify", "every class says whether to try again"),
      tested("eval/run-models", "one that fails in the middle moves no rate"),
    ),
    shown(
      "S-15",
      "a report with a section for each kind of result",
      oncall("export md"),
      tested("eval/export/export", "md has a section for everything"),
    ),
    shown("S-16", "the measuring system named part by part", oncall("show"), oncall("show --json")),
    shown(
      "S-17",
      "the six questions about an episode",
      oncall("explain --agent tools:careless --task-id inc-101"),
      tested("eval/explain/explain", "asks the six questions in order"),
    ),
    shown(
      "S-18",
      "a spoilt sweep is no ranking",
      tested("eval/report/rules", "does not hold for"),
      tested("eval/run-models", "a dead provider: given up after three episodes"),
    ),
  ],
};
