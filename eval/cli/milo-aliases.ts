/** What follows a flag of Milo-Bench, as this program's command. */
const ALIASES: Readonly<Record<string, (rest: readonly string[]) => string[]>> = {
  "--leaderboard": (rest) => ["leaderboard", ...rest],
  "--compare": (rest) => ["history", ...rest],
  "--export-csv": ([file, ...rest]) =>
    file === undefined || file.startsWith("-")
      ? ["export", "csv", ...(file === undefined ? [] : [file]), ...rest]
      : ["export", "csv", "--out", file, ...rest],
  "--report": (rest) => ["report", ...rest],
};

/**
 * Arguments in which a flag of Milo-Bench stands in the place of a command; `--compare=MODEL` is one of these too.
 * @param args as Node has them: program, script, then what was typed
 */
export function withoutMiloAliases(args: readonly string[]): string[] {
  const [program = "", script = "", first = "", ...rest] = args;
  const [name = "", ...value] = first.split("=");
  const alias = Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined;
  if (alias === undefined) return [...args];
  return [program, script, ...alias(value.length === 0 ? rest : [value.join("="), ...rest])];
}
