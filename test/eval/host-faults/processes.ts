import { existsSync, readFileSync } from "node:fs";

/** Whether a process is there. One that has ended stays as a zombie where nobody collects it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync("/proc") || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
