import { bar, differently, numbered, oncall, shown, tested } from "../row.ts";
import type { Section } from "../row.ts";

export const sreZeroEnvironment: Section = {
  title: "What SRE-Zero's environment does and ours must not",
  about: "",
  ids: numbered("E", 15),
  rows: [
    shown(
      "E-01",
      "name the answer",
      tested("leaks/words", "no string shown to an agent holds a judge's word"),
      tested("leaks/canaries", "no canary reaches an agent"),
      bar("leaks"),
    ),
    shown(
      "E-02",
      "say after a change whether it was right",
      tested("leaks/words", "a change is confirmed in the same words"),
      tested("agents/command/guest", "tells neither task, seed, difficulty, reward, score nor verdict"),
    ),
    shown(
      "E-03",
      "ignore the seed; let memory answer",
      tested("tasks/every-task", "comes in every sibling, as the seed chooses"),
      tested("agents/probes", "the memoriser of tasks is right about the canonical sibling only"),
      bar("anchors"),
    ),
    shown(
      "E-04",
      "stand still after the fix",
      tested("env/core/recovery", "after the reference fix, the telemetry that gave the cause away changes"),
      oncall("tasks validate"),
    ),
    shown(
      "E-05",
      "page with healthy telemetry",
      tested("tasks/every-task", "evidence to be seen"),
      tested("env/core/telemetry", "starts level with yesterday where nothing has happened yet"),
    ),
    shown(
      "E-06",
      "make the configuration diff the answer",
      tested("leaks/probes", "configuration alone tells few causes"),
      oncall("run --agents probe:config-diff --split dev --db notes/runs/try.db"),
    ),
    shown(
      "E-07",
      "accept any number, unknown keys, 1 for true",
      tested("env/core/actions", "a value that a key does not take"),
      tested("env/core/actions", "with a field too many names the field"),
    ),
    shown(
      "E-08",
      "grade free text by keywords",
      oncall("run --agents probe:constant --split dev --db notes/runs/try.db"),
      tested("env/core/score", "a reason that names every provider names none"),
    ),
    differently(
      shown(
        "E-09",
        "have no false alarm and nothing to escalate",
        tested("checklists/measures", "the suite has false alarms and incidents to hand over"),
        tested("agents/runbook", "is closed as a false alarm, without a change"),
      ),
      "3 incidents in 40: a false alarm with two causes, and two to hand over in one of their causes",
    ),
    shown(
      "E-10",
      "call a brute-forced fix a success",
      oncall("run --agents probe:brute-force --split dev --db notes/runs/try.db"),
      tested("anchors/anchors", "no blind one its bound on success"),
      bar("anchors"),
    ),
    shown("E-11", "call a whole service a distractor", tested("tasks/validator", "catches a distractor that cures")),
    shown(
      "E-12",
      "have the expert as the only script",
      tested("agents/runbook", "does the same again when it sees the same"),
      tested("architecture", "imports point one way"),
    ),
    shown(
      "E-13",
      "hold nothing out",
      tested("tasks/every-task", "asks nothing in the test split"),
      tested("eval/seeds", "of a private salt are unpublished ones"),
      tested("tasks/suite", "runs a private suite"),
    ),
    shown(
      "E-14",
      "write the rules twice",
      tested("conformance/every-door", "the same episodes through every door"),
      tested("env/core/second-implementation", "a second implementation shows the same, tick by tick"),
    ),
    shown(
      "E-15",
      "leak sessions; leave the grader untested",
      tested("env/server/capacity", "sessions opened and closed many times leave no slot behind"),
      tested("env/core/checks", "doing nothing passes no check"),
      bar("slots"),
    ),
  ],
};
