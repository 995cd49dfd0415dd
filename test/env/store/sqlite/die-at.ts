import { openBackend } from "../../../../env/store/backend.ts";
import { goOn } from "./sweep.ts";

/** Started by `sweep-kill.test.ts`: `<file> <n>` runs all operations and kills itself at the n-th step towards the disk. */
const [file = "", last = ""] = process.argv.slice(2);
let step = 0;
const durable = () => {
  step += 1;
  if (step === Number(last)) process.kill(process.pid, "SIGKILL");
};
const backend = await openBackend(file, { durable });
await goOn(backend, 0);
await backend.close();
