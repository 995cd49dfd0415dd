import { notHere, numbered } from "../row.ts";
import type { Section } from "../row.ts";

const LATER = "the MCP mode that serves challenges is not written";

export const fre4xBenchmark: Section = {
  title: "@fre4x/benchmark",
  about: "`oncall mcp` serves the tools of one incident, and no catalogue of challenges: none of these is here yet.",
  ids: numbered("C", 23),
  rows: [
    notHere("C-01 C-02 C-03 C-04 C-05 C-06 C-07 C-08", "eight tools over challenges", LATER),
    notHere("C-09 C-10 C-11 C-12", "metadata, graded evidence, history in pages, a loop until done", LATER),
    notHere("C-13", "guidance for the next call", LATER),
    notHere("C-14 C-15", "bundled families, no configuration", LATER),
    notHere("C-16 C-17", "mock mode, variables under their names", LATER),
    notHere("C-18", "a catalogue from elsewhere, kept and refreshed", "suites load from addresses; catalogues do not"),
    notHere("C-19 C-20", "the catalogue's shape, seven kinds of checkers", LATER),
    notHere("C-21", "workspace, artifacts and logs of a submission", LATER),
    notHere("C-22", "attempts that two servers can share", "so for episodes; there are no submissions"),
    notHere(
      "C-23",
      "desktop configuration, inspector, scripts",
      "the README has the configuration; no inspector script",
    ),
  ],
};
