import { sitting } from "./sitting.ts";

/**
 * A sitting that ends itself with SIGKILL just before its n-th step towards the disk, or the n-th of one name, or when it
 * has come far without one.
 */
const [folder = "", baseUrl = "", trials = "", at = "", name = ""] = process.argv.slice(2);
const FAR = 250;
let steps = 0;
let all = 0;
await sitting({ folder, baseUrl, trials: Number(trials) }, (point) => {
  if (name === "" || point === name) steps += 1;
  all += 1;
  if (steps === Number(at) || all === FAR) process.kill(process.pid, "SIGKILL");
});
process.exit(0);
