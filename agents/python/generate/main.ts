import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatedFiles } from "./files.ts";

/** Writes the generated part of the Python package. */
const folder = join(import.meta.dirname, "..");
for (const [name, source] of Object.entries(generatedFiles())) writeFileSync(join(folder, name), source);
