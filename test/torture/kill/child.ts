import { sitting } from "./sitting.ts";

/** A sitting that ends itself with SIGKILL just before its n-th step towards the disk. */
const [folder = "", baseUrl = "", at = ""] = process.argv.slice(2);
let steps = 0;
await sitting({ folder, baseUrl }, () => {
  steps += 1;
  if (steps === Number(at)) process.kill(process.pid, "SIGKILL");
});
process.exit(0);
