/** What anybody can run in a clean clone to see that a row holds. */
export type Proof =
  | { readonly by: "command"; readonly line: string }
  | { readonly by: "test"; readonly file: string; readonly name: string }
  | { readonly by: "bar"; readonly name: string };

/** One or more rows of a checklist that the same commands show. */
export interface Row {
  /** Ids of the rows that this one stands for. */
  readonly ids: readonly string[];
  /** What the replaced system has, or must not be repeated, in a few words. */
  readonly what: string;
  readonly state: "shown" | "partly" | "not here";
  /** What is missing, or where it differs; empty where all is as said. */
  readonly remark: string;
  readonly proofs: readonly Proof[];
}

export interface Section {
  readonly title: string;
  /** A sentence before the table; may be empty. */
  readonly about: string;
  /** Every id that has to have a row. */
  readonly ids: readonly string[];
  readonly rows: readonly Row[];
}

/** A command line of the program: `leaderboard --by skill`. */
export const oncall = (line: string): Proof => ({ by: "command", line });

/**
 * A test, or all of a group.
 * @param path below `test/`, without `.test.ts`
 * @param name what vitest's `-t` looks for: letters that stand in the title as they are
 */
export const tested = (path: string, name: string): Proof => ({ by: "test", file: `test/${path}.test.ts`, name });

/** One of the long checks. */
export const bar = (name: string): Proof => ({ by: "bar", name });

/** @param ids separated by blanks */
export const shown = (ids: string, what: string, ...proofs: readonly Proof[]): Row => ({
  ids: ids.split(" "),
  what,
  state: "shown",
  remark: "",
  proofs,
});

export const partly = (ids: string, what: string, remark: string, ...proofs: readonly Proof[]): Row => ({
  ...shown(ids, what, ...proofs),
  state: "partly",
  remark,
});

export const notHere = (ids: string, what: string, remark: string): Row => ({
  ...shown(ids, what),
  state: "not here",
  remark,
});

/** The same row with a remark on where it differs from what was asked for. */
export const differently = (row: Row, remark: string): Row => ({ ...row, remark });

/** `S-01` to `S-18`. */
export const numbered = (prefix: string, last: number): string[] =>
  Array.from({ length: last }, (_, i) => `${prefix}-${`${i + 1}`.padStart(2, "0")}`);

/** What to type. */
export function commandLine(proof: Proof): string {
  switch (proof.by) {
    case "command":
      return `npm run oncall -- ${proof.line}`;
    case "test":
      return `npx vitest run ${proof.file} -t "${proof.name}"`;
    case "bar":
      return `npm run torture -- ${proof.name}`;
  }
}
