import type { SloReading } from "../../../env/contract/index.ts";
import type { Chapter, Family } from "../rule.ts";
import { availability } from "./availability.ts";
import { deadLetters } from "./dead-letters.ts";
import { duplicates } from "./duplicates.ts";
import { exportDownloads } from "./exports.ts";
import { latency } from "./latency.ts";
import { queueAge } from "./queue-age.ts";
import { quiet } from "./quiet.ts";
import { staleReads } from "./stale-reads.ts";

/** In the order in which several red objectives are gone through: errors first, since they slow and spoil the rest. */
const families: readonly Family[] = [
  availability,
  exportDownloads,
  duplicates,
  deadLetters,
  latency,
  queueAge,
  staleReads,
];

/** The chapters for what is red on the panel. */
export function chaptersFor(panel: readonly SloReading[]): readonly Chapter[] {
  const red = new Set(panel.filter(({ ok }) => !ok).map(({ name }) => name));
  const chapters = families.filter(({ objective }) => red.has(objective));
  return chapters.length > 0 ? chapters : [quiet];
}
