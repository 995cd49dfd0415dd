/** A flag of Milo-Bench that stands in the place of a command. */
interface MiloAlias {
  readonly theirs: string;
  /** Arguments of this program, from what follows the flag. */
  readonly ours: (rest: readonly string[]) => readonly string[];
  /** For help. */
  readonly means: string;
}

const command = (theirs: string, ours: string, means = ours): MiloAlias => ({
  theirs,
  ours: (rest) => [ours, ...rest],
  means,
});

export const miloAliases: readonly MiloAlias[] = [
  command("--leaderboard", "leaderboard"),
  command("--compare", "history", "history MODEL"),
  {
    theirs: "--export-csv",
    ours: ([file, ...rest]) =>
      file === undefined || file.startsWith("-")
        ? ["export", "csv", ...(file === undefined ? [] : [file]), ...rest]
        : ["export", "csv", "--out", file, ...rest],
    means: "export csv [--out FILE]",
  },
  command("--report", "report"),
];

/**
 * Arguments in which a flag of Milo-Bench stands in the place of a command; `--compare=MODEL` is one of these too.
 * @param args as Node has them: program, script, then what was typed
 */
export function withoutMiloAliases(args: readonly string[]): string[] {
  const [program = "", script = "", first = "", ...rest] = args;
  const [name, ...value] = first.split("=");
  const alias = miloAliases.find(({ theirs }) => theirs === name);
  if (alias === undefined) return [...args];
  return [program, script, ...alias.ours(value.length === 0 ? rest : [value.join("="), ...rest])];
}

/** For the end of the program's help. */
export const miloAliasHelp = (): string =>
  `In the place of a command: ${miloAliases.map(({ theirs, means }) => `${theirs} is ${means}`).join(", ")}.`;
