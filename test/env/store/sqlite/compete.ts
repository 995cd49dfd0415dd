import { createInterface } from "node:readline";
import { openBackend } from "../../../../env/store/backend.ts";
import { StoreError } from "../../../../env/store/errors.ts";
import type { Lease } from "../../../../env/store/queue.ts";
import { anOwner, finished } from "../fixtures.ts";

/**
 * Started by `processes.test.ts` with a file and the name of a process. For each line `<epoch ms> <what> <word>` of
 * stdin it waits for that moment, does what it is told, and prints what came of it, or with which code it was refused.
 */
const [file = "", name = ""] = process.argv.slice(2);
const { results, jobs } = await openBackend(file);
const say = (text: string) => process.stdout.write(`${text}\n`);
let inHand: readonly Lease[] = [];

const told: Readonly<Record<string, (word: string) => Promise<void>>> = {
  /** Takes that run in the place of the process "dead". */
  hold: async (runId) => {
    say((await results.holdRun(runId, { owner: anOwner(name), at: Date.now(), replaces: "dead" })).status);
  },
  /** Claims two slots of run "r" as that worker. */
  claim: async (worker) => {
    inHand = await jobs.claim({ runId: "r", worker, max: 2, at: Date.now() });
    say(`${inHand.length}`);
  },
  /** Plays what it has in hand, and then as that worker until nothing is left. */
  play: async (worker) => {
    for (;;) {
      for (const { episodeId, slot } of inHand) {
        say(`${slot.slotId} ${await results.commitEpisode(finished(episodeId))}`); // oxlint-disable-line no-await-in-loop
      }
      inHand = await jobs.claim({ runId: "r", worker, max: 2, at: Date.now() }); // oxlint-disable-line no-await-in-loop
      if (inHand.length === 0) return void say("end");
    }
  },
};

say("ready");
for await (const line of createInterface(process.stdin)) {
  const [moment, what = "", word = ""] = line.split(" ");
  while (Date.now() < Number(moment)); // a timer would not be exact enough for two to meet
  await told[what]?.(word).catch((error: unknown) => say(error instanceof StoreError ? error.code : String(error)));
}
await results.close();
