import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TrainedResults } from "./results.ts";
import { SHIPPED_FOLDER } from "./shipped.ts";

/** The results as they were last measured; `npx tsx eval/trained/main.ts` writes them. */
export const RESULTS_FILE = join(import.meta.dirname, "results.json");

/** What a reader finds beside the policies that ship. */
export const PAGE_FILE = join(SHIPPED_FOLDER, "README.md");

/** The results as the file holds them, byte for byte. */
export const resultsJson = (results: TrainedResults): string => `${JSON.stringify(results, null, 2)}\n`;

/** The results as they were last measured. */
export const storedResults = (): TrainedResults => JSON.parse(readFileSync(RESULTS_FILE, "utf8")) as TrainedResults;
