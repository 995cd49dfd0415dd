import { writeFileSync } from "node:fs";
import { coreSuite } from "../../tasks/index.ts";
import { referenceFor } from "../../tasks/reference.ts";
import { PAGE_FILE, RESULTS_FILE, resultsJson } from "./file.ts";
import { shippedPage } from "./page.ts";
import { playResults } from "./results.ts";
import { ship, shippedPolicies } from "./shipped.ts";

const TRIALS = 10;

// Without arguments: plays the policies that ship and every other agent again, and writes what the README shows; some
// minutes on one core. With `ship FOLDER NAME`: ships the best policy of a training first.
const [command, folder, name] = process.argv.slice(2);
if (command === "ship" && folder !== undefined && name !== undefined) ship(folder, name);
else if (command !== undefined) throw new Error("Expected no arguments, or: ship FOLDER NAME");
const results = await playResults({ suite: coreSuite, referenceFor, policies: shippedPolicies(), trials: TRIALS });
writeFileSync(RESULTS_FILE, resultsJson(results));
writeFileSync(PAGE_FILE, shippedPage(results));
