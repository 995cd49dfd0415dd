import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One `COPY` of files from the build context. */
export interface Copied {
  readonly sources: readonly string[];
  readonly target: string;
}

/** What a Dockerfile says, as far as it can be checked without Docker. */
export interface Dockerfile {
  /** Copies from the context in the last stage, which is the image. */
  readonly copies: readonly Copied[];
  readonly env: Readonly<Record<string, string>>;
  readonly user: string | null;
  readonly command: readonly string[];
  readonly healthCommand: readonly string[] | null;
}

/** Reads a Dockerfile of single-word paths and commands in their JSON form. */
export function readDockerfile(path: string): Dockerfile {
  const source = readFileSync(path, "utf8")
    .replace(/^#.*\n/gm, "")
    .replace(/\\\n\s*/g, "");
  const image = source.slice(`\n${source}`.lastIndexOf("\nFROM "));
  const instructions = [...image.matchAll(/^([A-Z]+) (.+)$/gm)].map(([, name, text = ""]) => ({ name, text }));
  const all = (name: string) => instructions.filter((one) => one.name === name).map(({ text }) => text);
  return {
    copies: all("COPY")
      .filter((text) => !text.startsWith("--from="))
      .map((text) => text.split(" "))
      .map((words) => ({ sources: words.slice(0, -1), target: words.at(-1) as string })),
    env: Object.fromEntries(all("ENV").flatMap((text) => text.split(" ").map((pair) => pair.split("=", 2)))) as Record<
      string,
      string
    >,
    user: all("USER").at(-1) ?? null,
    command: JSON.parse(all("CMD").at(-1) ?? "[]") as string[],
    healthCommand:
      all("HEALTHCHECK")
        .map((text) => JSON.parse(text.slice(text.indexOf("["))) as string[])
        .at(-1) ?? null,
  };
}

/**
 * Whether a `.dockerignore` keeps a path out of the build context. Of Docker's patterns it knows those that are used
 * here: `*`, plain paths with everything below them, and `!`. The last one that fits decides.
 */
export function ignores(dockerignore: string): (path: string) => boolean {
  const rules = dockerignore.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const strange = rules.filter((rule) => rule !== "*" && !/^!?[\w./-]+$/.test(rule));
  if (strange.length > 0) throw new RangeError(`Patterns that this check does not know: ${strange.join(", ")}`);
  return (path) =>
    rules.reduce((ignored, rule) => {
      const pattern = rule.replace("!", "");
      const fits = pattern === "*" || path === pattern || path.startsWith(`${pattern}/`);
      return fits ? !rule.startsWith("!") : ignored;
    }, false);
}

/** Puts into a folder what the copies put into the image, the context's `.dockerignore` observed. */
export function copyContext(context: string, copies: readonly Copied[], folder: string): void {
  const isIgnored = ignores(readFileSync(join(context, ".dockerignore"), "utf8"));
  for (const source of copies.flatMap(({ sources }) => sources)) {
    if (!existsSync(join(context, source))) throw new RangeError(`COPY of ${source}, which does not exist`);
    cpSync(join(context, source), join(folder, source), {
      recursive: true,
      filter: (from) => from === join(context, source) || !isIgnored(from.slice(context.length + 1)),
    });
  }
}
