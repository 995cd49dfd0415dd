import type { RunRecord } from "../../env/store/store.ts";
import { didYouMean } from "../../env/core/suggest.ts";
import { UsageError } from "../errors.ts";
import { readEntries } from "../report/entry.ts";
import type { Entry } from "../report/entry.ts";
import type { ResultReader } from "../report/reader.ts";
import { isMeant } from "./history.ts";

/** `20261120-231502-3f9a/tools:gpt`: an agent of a certain run. Labels may hold slashes, run ids have this one form. */
const IN_RUN = /^(\d{8}-\d{6}-[0-9a-f]{4}(?:-\d+)?)\/(.+)$/s;

/**
 * The two entries that are meant: of the newest run that has both, else each of the newest run that has it. A name is
 * an agent's label, its model, the beginning of its id, or any of these after `RUN/`.
 * @throws UsageError when one is not stored, or the name means several of one run
 */
export async function findPair(
  reader: ResultReader,
  names: readonly [string, string],
  runs: readonly RunRecord[],
): Promise<[Entry, Entry]> {
  const found: [Entry | null, Entry | null] = [null, null];
  const labels = new Set<string>();
  for (const run of runs) {
    const entries = await readEntries(reader, run);
    for (const { variant } of entries) labels.add(variant.label);
    const [a, b] = names.map((name) => entryNamed(entries, run, name)) as [Entry | null, Entry | null];
    if (a !== null && b !== null) return [a, b];
    found[0] ??= a;
    found[1] ??= b;
  }
  return names.map((name, i) => found[i] ?? unknown(name, [...labels])) as [Entry, Entry];
}

function entryNamed(entries: readonly Entry[], run: RunRecord, name: string): Entry | null {
  const [, runId, inRun] = IN_RUN.exec(name) ?? [];
  if (runId !== undefined && runId !== run.runId) return null;
  const meant = entries.filter((entry) => isMeant(entry, inRun ?? name));
  const exact = meant.filter(({ variant }) => variant.label === (inRun ?? name));
  const [entry, other] = exact.length > 0 ? exact : meant;
  if (other === undefined) return entry ?? null;
  const ids = meant.map(({ variant }) => `${variant.label} (${variant.variantId.slice(0, 8)})`).join(", ");
  throw new UsageError(`"${name}" means several agents of run ${run.runId}: ${ids}. Name one by its id.`);
}

function unknown(name: string, labels: readonly string[]): never {
  const known = labels.length === 0 ? "No agent is stored yet." : `Stored: ${labels.join(", ")}.`;
  throw new UsageError(`No agent "${name}" is stored.${didYouMean(name, labels)} ${known}`, "oncall runs");
}
