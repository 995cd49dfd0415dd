import { openSqliteStore } from "../../../../env/store/sqlite/results.ts";
import { aPlan, finished, planned, started } from "../fixtures.ts";

/** Started by `kill.test.ts`: plays runs of twenty episodes until killed, and prints each one acknowledged. */
const [file = "", name = ""] = process.argv.slice(2);
const store = await openSqliteStore(file);
const taskIds = Array.from({ length: 20 }, (_, index) => `inc-${index}`);
for (let run = 0; ; run += 1) {
  for (const slot of await planned(store, `${name}-${run}`, aPlan(["random"], taskIds))) {
    const episode = await started(store, slot);
    await store.commitEpisode(finished(episode));
    process.stdout.write(`${episode}\n`);
  }
}
