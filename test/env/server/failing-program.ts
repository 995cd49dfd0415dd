import { setTimeout as wait } from "node:timers/promises";
import { closeOnSignals } from "../../../env/server/signals.ts";

/** A server with a bug that nobody catches; the argument says of which kind. */
closeOnSignals(async () => {
  await wait(10);
  process.stdout.write("closed");
});
setInterval(() => {}, 1000);
if (process.argv[2] === "rejection") void Promise.reject(new Error("a bug"));
else setTimeout(() => JSON.parse("a bug"), 10);
