import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { afterAll, expect, test } from "vitest";
import { faults } from "../../../eval/mock-provider/faults.ts";

const root = join(import.meta.dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "oncall-mock-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Program = ChildProcessByStdio<null, Readable, Readable>;

function oncall(...args: string[]): { child: Program; output: { out: string; err: string }; ended: Promise<number> } {
  const child: Program = spawn(process.execPath, ["--import", "tsx", "eval/cli/main.ts", "mock-provider", ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output.out += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (output.err += chunk));
  return { child, output, ended: once(child, "close").then(([code]) => code as number) };
}

test("serves a script until it is told to stop, and says what it does", async () => {
  const script = join(folder, "script.json");
  writeFileSync(script, '["status-503", "ok*"]');
  const { child, output, ended } = oncall("--json", "--script", script, "--plays", "blundering");
  while (!output.out.includes("}")) await once(child.stdout, "data");
  const { base_url: baseUrl } = JSON.parse(output.out) as { base_url: string };
  const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "x" }] });
  const post = () => fetch(`${baseUrl}/chat/completions`, { method: "POST", body });
  expect((await post()).status).toBe(503);
  expect(await (await post()).json()).toMatchObject({ choices: [{ message: { role: "assistant" } }] });
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  expect(output.err).toContain("1 m, 1 messages: status 503 (script 0)");
});

test("helps with every fault by name, and refuses what it does not know", async () => {
  const [help, wrong, nobody] = [["--help"], ["--script", "status-5O3"], ["--plays", "carelss"]].map((args) =>
    oncall(...args),
  );
  expect(await Promise.all([help?.ended, wrong?.ended, nobody?.ended])).toEqual([0, 2, 2]);
  for (const [name, { summary }] of Object.entries(faults)) {
    expect(help?.output.out).toMatch(new RegExp(`^ {2}${name} +\\S`, "m"));
    expect(help?.output.out).toContain(summary.slice(0, 30));
  }
  expect(wrong?.output.err).toContain('Unknown fault "status-5O3". Did you mean "status-503"?');
  expect(nobody?.output.err).toContain('No model "carelss". Did you mean "careless"?');
});
