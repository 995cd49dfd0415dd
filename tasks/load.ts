import { readFile, readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { hashText } from "../env/core/rng.ts";
import type { Suite, Task } from "../env/core/task.ts";
import { readDefinition, taskSchema } from "./load-definition.ts";
import { quoted, SuiteError } from "./load-error.ts";
import type { FieldSchema } from "./load-fields.ts";
import { sentences } from "./load-issues.ts";
import { fetchText, inMebibytes, isAddress, shown } from "./load-url.ts";
import type { LoadLimits } from "./load-url.ts";
import { oneSplit, repeatedIds, wrongSplits } from "./suite.ts";
import type { Found } from "./suite.ts";

export { SuiteError } from "./load-error.ts";

/** Where frozen suites are kept, as `name@version.json`. */
export const FROZEN_FOLDER = join(import.meta.dirname, "suites");

const LIMITS: LoadLimits = { bytes: 8 * 2 ** 20, ms: 10_000 };
const FROZEN_NAME = /^[a-z0-9-]+@\d[a-z0-9.-]*$/;
const INCIDENT_FILE = /^(?!.*\.(?:d|test)\.[cm]?ts$).*\.[cm]?[jt]s$/;
/** States name, version and splits of a folder's suite; it may be absent. */
const HEADER_FILE = "suite.json";

const Header = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
  version: z.string().regex(/^\d+\.\d+\.\d+(?:-[a-z0-9.-]+)?$/),
  splits: z
    .strictObject({
      train: z.array(z.string()).default([]),
      dev: z.array(z.string()).default([]),
      test: z.array(z.string()).default([]),
    })
    .optional(),
});
type Header = z.output<typeof Header>;

/** A suite as JSON; a frozen one also holds its seal. */
const SuiteDocument = Header.extend({
  tasks: z.array(z.unknown()).min(1),
  manifest: z.unknown().optional(),
  sha256: z.string().optional(),
});

/** A suite, and the JSON it was read from, if it was. */
export interface LoadedSuite {
  readonly suite: Suite;
  readonly document: unknown;
}

/**
 * Loads a suite. The files of a folder are programs and run; a JSON file or address is data only.
 * @param where a folder of incident files, one such file, a JSON file, an address (https, or http on this machine), or
 *   `name@version` of a frozen suite
 * @throws SuiteError with a sentence for everything that must change
 */
export async function loadSuite(where: string, limits: LoadLimits = LIMITS): Promise<LoadedSuite> {
  if (isAddress(where)) {
    const text = await fetchText(where, limits);
    return fromJson(shown(new URL(where)), text);
  }
  const path = await existing(where);
  const { size, isFolder } = await factsOf(path);
  if (isFolder) return fromFolder(path);
  if (INCIDENT_FILE.test(path)) return fromFiles(path, [path], null);
  if (size > limits.bytes) {
    throw new SuiteError(path, [`it is longer than ${inMebibytes(limits.bytes)}. Split the suite.`]);
  }
  return fromJson(path, await readFile(path, "utf8"));
}

/** The incident files of a folder, in the order of their names. */
export const incidentFiles = async (folder: string): Promise<string[]> =>
  (await readdir(folder))
    .filter((file) => INCIDENT_FILE.test(file))
    .toSorted()
    .map((file) => join(folder, file));

/** What an incident's file exports by default. */
export const importDefinition = async (file: string): Promise<unknown> =>
  ((await import(pathToFileURL(resolve(file)).href)) as { default?: unknown }).default;

async function existing(where: string): Promise<string> {
  const candidates = [where, ...(FROZEN_NAME.test(where) ? [join(FROZEN_FOLDER, `${where}.json`)] : [])];
  for (const path of candidates) if ((await factsOf(path)).exists) return path;
  const frozen = (await readdir(FROZEN_FOLDER).catch(() => [])).map((file) => basename(file, ".json"));
  throw new SuiteError(where, [
    "there is no such file or folder. Expected a folder of incident files, a .ts, .js or .json file, an https address, " +
      `or a frozen suite (${frozen.join(", ") || "there is none"}).`,
  ]);
}

async function factsOf(path: string) {
  const found = await stat(path).catch(() => null);
  return { exists: found !== null, isFolder: found?.isDirectory() === true, size: found?.size ?? 0 };
}

async function fromFolder(folder: string): Promise<LoadedSuite> {
  const files = await incidentFiles(folder);
  if (files.length === 0) throw new SuiteError(folder, ["expected incident files (.ts or .js); there is none."]);
  const text = await readFile(join(folder, HEADER_FILE), "utf8").catch(() => null);
  if (text === null) return fromFiles(folder, files, null);
  const place = join(folder, HEADER_FILE);
  return fromFiles(folder, files, checked(Header, parseJson(place, text), place));
}

/** A suite of incident files; without a header it is named by its folder and its content. */
async function fromFiles(place: string, files: readonly string[], header: Header | null): Promise<LoadedSuite> {
  const read = await Promise.all(files.map(fromFile));
  const tasks = read.flatMap((one) => ("task" in one ? [one] : []));
  const problems = read.flatMap((one) => ("problems" in one ? one.problems : []));
  return { suite: assembled(place, header, tasks, problems), document: null };
}

async function fromFile(file: string): Promise<Found | { readonly problems: readonly string[] }> {
  const place = basename(file);
  const told = (problems: readonly string[]) => ({ problems: problems.map((problem) => `${place}: ${problem}`) });
  let data: unknown;
  try {
    data = await importDefinition(file);
  } catch (error) {
    return told(problemsOfImport(error));
  }
  if (data === undefined) return told(["it has no default export. Write: export default { id: … }."]);
  const read = readDefinition(data);
  if ("problems" in read) return told(read.problems);
  const name = place.replace(/\.[cm]?[jt]s$/, "");
  if (read.task.id !== name) {
    return told([`id: expected "${name}", as the file is named; got ${quoted(read.task.id)}.`]);
  }
  return { place, task: read.task };
}

/** What went wrong while a file ran; `defineTask` throws the schema's own issues. */
function problemsOfImport(error: unknown): string[] {
  if (error instanceof z.ZodError) return sentences(error.issues, { schema: taskSchema(), data: undefined });
  return [`it does not run: ${(error instanceof Error ? error.message : String(error)).split("\n")[0]}`];
}

/** A suite from JSON text; one incident alone is a suite of one. */
function fromJson(place: string, text: string): LoadedSuite {
  const document = parseJson(place, text);
  const isIncident = typeof document === "object" && document !== null && "siblings" in document;
  const { tasks, ...header } = isIncident ? { tasks: [document] } : checked(SuiteDocument, document, place);
  const found: Found[] = [];
  const problems: string[] = [];
  tasks.forEach((data, i) => {
    const read = readDefinition(data);
    const at = isIncident ? "" : `${nameOf(data, i)}: `;
    if ("task" in read) found.push({ place: `tasks[${i}]`, task: read.task });
    else problems.push(...read.problems.map((problem) => at + problem));
  });
  return { suite: assembled(place, "name" in header ? header : null, found, problems), document };
}

/** `tasks[3] (inc-104)` */
function nameOf(data: unknown, index: number): string {
  const id = (data as { id?: unknown } | null)?.id;
  return typeof id === "string" ? `tasks[${index}] (${id.slice(0, 64)})` : `tasks[${index}]`;
}

function assembled(place: string, header: Header | null, found: readonly Found[], problems: readonly string[]): Suite {
  const tasks = found.map(({ task }) => task).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const splits = header?.splits ?? oneSplit(tasks);
  // Splits are judged only once every task is known.
  const wrong = problems.length > 0 ? problems : [...repeatedIds(found), ...wrongSplits(splits, tasks)];
  if (wrong.length > 0) throw new SuiteError(place, wrong);
  const { name, version } = header ?? namedByContent(place, tasks);
  return { name, version, tasks, splits };
}

/** A suite without a version is told from its earlier states by its content, so that results of the two never mix. */
function namedByContent(place: string, tasks: readonly Task[]): Pick<Suite, "name" | "version"> {
  const name = basename(place)
    .replace(/\.[^.]*$/, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .replace(/^-+/, "");
  return { name: name.slice(0, 63) || "private", version: `0.0.0-${hashText(JSON.stringify(tasks))}` };
}

function parseJson(place: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SuiteError(place, [`it is not JSON: ${(error as Error).message}.`]);
  }
}

function checked<Schema extends z.ZodType>(schema: Schema, data: unknown, place: string): z.output<Schema> {
  const parsed = schema.safeParse(data, { reportInput: true });
  if (parsed.success) return parsed.data;
  const fields = schema.toJSONSchema({ io: "input" }) as FieldSchema;
  throw new SuiteError(place, sentences(parsed.error.issues, { schema: fields, data }));
}
