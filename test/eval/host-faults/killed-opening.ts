import { openBackend } from "../../../env/store/backend.ts";

/** Opens a database and kills itself just before its n-th step towards the disk. */
const [file = "", at = ""] = process.argv.slice(2);
let steps = 0;
await openBackend(file, {
  durable: () => {
    steps += 1;
    if (steps === Number(at)) process.kill(process.pid, "SIGKILL");
  },
});
