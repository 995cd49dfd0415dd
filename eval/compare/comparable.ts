import type { Entry } from "../report/entry.ts";

/** Something that two results must have in common to be compared, and that differs. */
export interface Difference {
  readonly what: string;
  readonly a: string;
  readonly b: string;
}

/** Why two entries cannot be compared: suite, manifest, versions or salt differ. None when they can. */
export function differencesBetween(a: Entry, b: Entry): Difference[] {
  const factsOfA = comparedFacts(a);
  const factsOfB = comparedFacts(b);
  return Object.keys(factsOfA).flatMap((what) => {
    const [inA, inB] = [factsOfA[what] ?? "", factsOfB[what] ?? ""];
    return inA === inB ? [] : [{ what, a: inA, b: inB }];
  });
}

const comparedFacts = ({ run, suite }: Entry): Record<string, string> => ({
  suite: `${run.suite}@${run.suiteVersion}`,
  manifest: suite?.manifestSha256.slice(0, 12) ?? "not stored",
  "environment version": textOf(run.versions["env"]),
  "scoring version": textOf(run.versions["scoring"]),
  "salt of the seeds": run.saltSha256?.slice(0, 12) ?? "none",
});

const textOf = (version: unknown): string => (typeof version === "string" ? version : "not stored");
