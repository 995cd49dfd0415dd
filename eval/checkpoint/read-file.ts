import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { z } from "zod";

/** In bytes. A run of a hundred thousand slots stays below it. */
const LARGEST_FILE = 256 * 1024 * 1024;

/** What a file holds, or why it cannot be used. */
export type FileContent<Content> =
  | { readonly isUsable: true; readonly content: Content }
  | { readonly isUsable: false; readonly problem: string };

/** Reads a checkpoint, which may be torn or a stranger's: only a plain file, no link, of the format that is expected. */
export async function readCheckpoint<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<FileContent<z.output<Schema>>> {
  try {
    const parsed = schema.safeParse(JSON.parse(await plainText(file)));
    return parsed.success ? { isUsable: true, content: parsed.data } : unusable(described(parsed.error));
  } catch (error) {
    return unusable(error instanceof SyntaxError ? "it is no JSON, or was cut off" : (error as Error).message);
  }
}

export const unusable = (problem: string): { readonly isUsable: false; readonly problem: string } => ({
  isUsable: false,
  problem,
});

async function plainText(file: string): Promise<string> {
  // A pipe without a writer must not hold the program up.
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new Error("it is no plain file");
    if (stat.size > LARGEST_FILE) throw new Error(`it has ${stat.size} bytes; at most ${LARGEST_FILE} are read`);
    return await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}

/** The first issue; a wrong format, which explains all others, before them. */
function described({ issues }: z.ZodError): string {
  const issue = issues.find(({ path }) => path[0] === "format") ?? issues[0];
  if (issue === undefined) return "it does not fit";
  return `${issue.path.join(".") || "content"}: ${issue.message}`;
}
