import { oncall, shown, tested } from "../row.ts";
import type { Row, Section } from "../row.ts";

const check = (ids: string, what: string): Row =>
  shown(
    ids,
    what,
    ...ids.split(" ").map((id) => tested("checklists/checks", `${id} fails when what it asks for is missing`)),
  );

const MEASURED =
  "calls_parse args_valid looked_first needed_only held_back evidence_complete fix_right durable verified in_order " +
  "closed close_valid service_right fault_right no_reask steps_ok recovered";

export const checks: Section = {
  title: "Checks",
  about:
    "Stored with every episode as true, false or absent. Doing nothing passes none of them, and the expert all that apply.",
  ids: [...MEASURED.split(" "), "expert", "nothing"],
  rows: [
    check("calls_parse", "every action parses"),
    check("args_valid", "no unknown key, no value out of range"),
    check("looked_first", "evidence before the first change"),
    check("needed_only", "no change that no accepted fix has"),
    check("held_back", "no change where none is right, and the right close"),
    check("evidence_complete", "all evidence that is needed"),
    check("fix_right durable", "objectives hold after the close, and stay so"),
    check("verified in_order", "a look after the last change; evidence, change, look, close"),
    check("closed close_valid", "closed by its own action, valid the first time"),
    check("service_right fault_right", "the diagnosis, exactly"),
    check("no_reask", "nothing asked again for the same answer"),
    check("steps_ok", "at most half as many steps again as the reference"),
    check("recovered", "success after a slip"),
    shown(
      "expert",
      "the expert passes every check that applies",
      tested("env/core/checks", "the expert passes every check that applies"),
      oncall("explain --agent expert --task-id inc-117"),
    ),
    shown("nothing", "doing nothing passes none", tested("env/core/checks", "doing nothing passes no check")),
  ],
};
