import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Script } from "./sessions-load.ts";

/** A server of OpenEnv's that runs. */
export interface OpenEnvServer {
  readonly url: string;
  stop(): void;
}

/** Where `npm run test:python` keeps its virtual environments. */
const CACHE = process.env.ONCALL_PYTHON_CACHE ?? join(import.meta.dirname, "../../node_modules/.cache/oncall-python");
const START_MS = 60_000;

/** What is said to its counting environment. */
export const countingScript: Script = {
  reset: (seed) => JSON.stringify({ type: "reset", data: { seed } }),
  step: () => '{"type":"step","data":{}}',
};

/** A Python that has OpenEnv's server; null when there is none. */
export function findOpenEnv(): string | null {
  const cached = existsSync(CACHE) ? readdirSync(CACHE).map((name) => join(CACHE, name, "bin/python")) : [];
  const candidates = [process.env.ONCALL_PYTHON, ...cached, "python3"].filter((python) => python !== undefined);
  const test = ["-c", "import uvicorn; from openenv.core.env_server import create_fastapi_app"];
  return candidates.find((python) => spawnSync(python, test, { timeout: START_MS }).status === 0) ?? null;
}

/** Starts it with an environment that only counts, and replies of about so many bytes. */
export async function startOpenEnv(python: string, bytes: number): Promise<OpenEnvServer> {
  const script = join(import.meta.dirname, "openenv_server.py");
  const child = spawn(python, [script, String(bytes)], { stdio: ["ignore", "pipe", "ignore"] });
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (line: Buffer) => resolve(line.toString().trim()));
    child.once("exit", () => reject(new Error("OpenEnv's server did not start.")));
  });
  const url = `ws://127.0.0.1:${port}/ws`;
  await listening(url.replace("ws", "http").replace("/ws", "/health"));
  return { url, stop: () => void child.kill("SIGKILL") };
}

async function listening(address: string): Promise<void> {
  const until = performance.now() + START_MS;
  while (performance.now() < until) {
    if (
      await fetch(address).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return; // oxlint-disable-line no-await-in-loop
    await new Promise((resolve) => setTimeout(resolve, 100)); // oxlint-disable-line no-await-in-loop
  }
  throw new Error("OpenEnv's server does not answer.");
}
