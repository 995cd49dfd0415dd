import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const TSX = ["--import", "tsx"];
const PROGRAM = [...TSX, join(import.meta.dirname, "../cli/main.ts")];

/** Runs the command line to its end; throws what it said when it fails. */
export const oncall = (args: readonly string[]): void => run([...PROGRAM, ...args]);

/** Starts Node with the loader that the command line has, and nothing else. */
export const startedNode = (): void => run([...TSX, "--eval", "0"]);

function run(args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${args.join(" ")} failed:\n${stderr}`);
}

export interface ServerProcess {
  readonly url: string;
  stop(): Promise<void>;
}

/** `oncall serve` on a free port, in a process of its own. */
export async function oncallServe(): Promise<ServerProcess> {
  const child = spawn(process.execPath, [...PROGRAM, "serve", "--port", "0", "--no-db"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exited = once(child, "exit");
  const url = await new Promise<string>((resolve, reject) => {
    let said = "";
    child.stderr.on("data", (text: Buffer) => {
      said += text.toString();
      const [found] = /http:\S+/.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once("exit", () => reject(new Error(`oncall serve did not start:\n${said}`)));
  });
  return {
    url,
    stop: async () => {
      child.kill();
      await exited;
    },
  };
}

/** Seconds that `body` takes. */
export function seconds(body: () => void): number {
  const began = performance.now();
  body();
  return (performance.now() - began) / 1000;
}
