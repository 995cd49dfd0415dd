import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Anchors } from "./anchors.ts";

/** The table as it was last measured; `npx tsx eval/anchors/main.ts` writes it. */
export const ANCHORS_FILE = join(import.meta.dirname, "anchors.json");

/** The table as the file holds it, byte for byte. */
export const anchorsJson = (anchors: Anchors): string => `${onOneLine(JSON.stringify(anchors, null, 2))}\n`;

/** Lists of texts stand on one line, as the formatter wants them. */
const onOneLine = (json: string): string =>
  json.replace(/\[\s+("[^[\]{}]*")\s+\]/g, (_, items: string) => `[${items.replace(/\n\s+/g, " ")}]`);

/** The table as it was last measured. */
export const storedAnchors = (): Anchors => JSON.parse(readFileSync(ANCHORS_FILE, "utf8")) as Anchors;
