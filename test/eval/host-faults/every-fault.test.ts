import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");

interface Shown {
  readonly what: string;
  /** Files below `test/`, without `.test.ts`, and what stands in the title of a test in each. */
  readonly by: readonly (readonly [file: string, title: string])[];
  /** Long checks. */
  readonly bars?: readonly string[];
}

const here = (file: string, ...titles: readonly string[]) =>
  titles.map((title) => [`eval/host-faults/${file}`, title] as const);

/** What a host may do to a run, and where it is shown what comes of it. */
const FAULTS: Readonly<Record<string, Shown>> = {
  H01: {
    what: "kill -9 anywhere, and again during resume",
    by: [
      ...here("kill", "leaves the version before", "of a run that was killed in flight"),
      ["env/store/sqlite/kill", "after kill -9 in the middle of commits"],
    ],
    bars: ["kill", "sweep"],
  },
  H02: {
    what: "SIGINT or SIGTERM once, twice, thrice, in each kind of wait",
    by: [
      ...here(
        "signals",
        "twice: the episode is cut",
        "once: the episode is played",
        "once between episodes",
        "thrice: ",
      ),
      ...here("stop-in-wait", "pauses the run, and it can be resumed"),
    ],
  },
  H03: {
    what: "a pause file in a gap, while the breaker is open, in a call; a folder; unreadable",
    by: [
      ...here("pause-file", "--now, while a call hangs", "nothing is played, and it is said why", "unreadable: "),
      ...here("stop-in-wait", "pauses the run, and it can be resumed"),
    ],
  },
  H04: {
    what: "disk full, read-only, locked, deleted, log removed, newer version, corrupt page",
    by: [
      ...here(
        "store-faults",
        "said, nothing half-written, and resumed",
        "a lock that another program keeps",
        "said at the end at the latest, and resumed from the checkpoints",
        "of a newer version is refused",
        "of which a page is damaged",
        "that may not be written",
      ),
      ["env/store/sqlite/results", "a full disk loses the record and nothing else"],
    ],
  },
  H05: {
    what: "a checkpoint that is cut, empty, another run's, or of an unknown version",
    by: here("checkpoints", "%s"),
  },
  H06: {
    what: "resumed with another seed, prompt, model, address, suite or definition",
    by: here(
      "other-plan",
      "refused with what differs, and nothing has changed",
      "as a command: exit code 2",
      "--amend adds",
    ),
  },
  H07: {
    what: "two processes resume one run; two runs share an endpoint",
    by: [
      ...here("two-processes", "that resume it at the same time", "of which one was stopped", "share an endpoint"),
      ["eval/provider/processes", "processes that share an endpoint keep one policy"],
    ],
  },
  H08: {
    what: "the wall clock is set by an hour; the machine sleeps",
    by: [
      ...here("clocks", "moves no call of the run", "nothing has changed", "it is over when the machine wakes"),
      ["eval/provider/gate", "makes no wait negative, double or endless"],
    ],
  },
  H09: {
    what: "one byte of a frozen definition is edited",
    by: [
      ["tasks/suite", "fails on any one changed byte"],
      ["tasks/suite", "fails on one changed byte with exit code 7"],
    ],
  },
  H10: {
    what: "an agent throws, or never returns; the environment throws; a program forks and hangs",
    by: [
      ...here("agents", "our error, unscored", "costs one episode", "that forks and hangs past its time"),
      ["eval/episode", "by giving no turn is our error"],
      ["agents/command/agent", "nothing of its group is left"],
    ],
  },
};

/** What a file's tests are called: titles, and what stands first in the rows of their tables. */
const titlesIn = (file: string): string[] =>
  [...read(`${file}.test.ts`).matchAll(/[([]\s*"((?:\\.|[^"\\])*)"/g)].map(([, title = ""]) => title);

test("there are ten host faults", () => {
  expect(Object.keys(FAULTS)).toEqual(Array.from({ length: 10 }, (_, i) => `H${`${i + 1}`.padStart(2, "0")}`));
});

describe.for(Object.entries(FAULTS))("%s", ([, { by, bars = [] }]) => {
  test.for(by)("is shown by %s: %s", ([file, title]) => {
    expect(titlesIn(file).filter((one) => one.includes(title))).not.toEqual([]);
  });

  for (const bar of bars) {
    test(`is shown by the bar ${bar}`, () => {
      expect(read("torture/main.ts")).toContain(`{ name: "${bar}",`);
    });
  }
});
