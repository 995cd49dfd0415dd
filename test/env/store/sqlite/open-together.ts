import { createInterface } from "node:readline";
import { openSqliteStore } from "../../../../env/store/sqlite/results.ts";
import { aRun, suite } from "../fixtures.ts";

/**
 * Started by `together.test.ts`. For each line `<epoch ms> <file>` of stdin: waits for that moment, opens the file,
 * adds a run, closes it, and prints "done".
 */
const [runId = ""] = process.argv.slice(2);
process.stdout.write("ready\n");
for await (const line of createInterface(process.stdin)) {
  const [moment = "", file = ""] = line.split(/ (.*)/);
  while (Date.now() < Number(moment)); // a timer would not be exact enough for two to meet
  const store = await openSqliteStore(file);
  await store.createRun(aRun(runId), suite);
  await store.close();
  process.stdout.write("done\n");
}
