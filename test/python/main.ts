import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NOT_CHECKED, STANDS } from "./stands.ts";
import type { Stand } from "./stands.ts";
import { findPython, prepare, program } from "./venv.ts";

/**
 * `npm run test:python`: checks the Python package, and the server through the libraries that are meant to work with
 * it. Names of stands after `--` run only those. What cannot run is skipped, loudly, and is no failure.
 */
const root = join(import.meta.dirname, "../..");
const CHECKS_MS = 300_000;
const started = performance.now();
const skipped: string[] = [];
const failed: string[] = [];

for (const stand of chosen(process.argv.slice(2))) {
  try {
    runStand(stand);
  } catch (error) {
    failed.push(`${stand.name}: ${(error as Error).message}`);
  }
}

say("What was skipped");
for (const line of [...skipped, ...NOT_CHECKED]) process.stdout.write(`  SKIPPED  ${line}\n`);
for (const line of failed) process.stdout.write(`  FAILED   ${line}\n`);
say(failed.length === 0 ? "Nothing failed" : `${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;

function chosen(names: readonly string[]): readonly Stand[] {
  const unknown = names.filter((name) => !STANDS.some((stand) => stand.name === name));
  if (unknown.length === 0) return names.length === 0 ? STANDS : STANDS.filter(({ name }) => names.includes(name));
  process.stderr.write(`No stand "${unknown.join(", ")}". There are: ${STANDS.map(({ name }) => name).join(", ")}.\n`);
  process.exit(2);
}

function runStand(stand: Stand): void {
  say(`${stand.name}: ${stand.about}`);
  const python = findPython(stand.python);
  if (python === null) {
    skipped.push(`${stand.name}: no Python from ${stand.python.join(".")} on with venv is on the path`);
    return;
  }
  const prepared = prepare(stand, python);
  if (!prepared.ok) {
    skipped.push(`${stand.name}: ${prepared.reason}`);
    return;
  }
  if (stand.types) checkTypes(stand, prepared.folder);
  const checks = stand.checks.map((name) => join("test/python", name));
  const flags = ["-m", "pytest", "-q", "-rs", "--no-header", "-p", "no:cacheprovider", "-c", "/dev/null"];
  check(`${stand.name}: checks`, program(prepared.folder, "python"), [...flags, `--rootdir=${root}`, ...checks], root);
}

/** From an empty folder, so that the installed package is found and nothing else. */
function checkTypes(stand: Stand, folder: string): void {
  const empty = mkdtempSync(join(tmpdir(), "oncall-types-"));
  const config = join(root, "agents/python/pyproject.toml");
  const flags = ["--config-file", config, "--cache-dir", join(folder, "mypy-cache"), "-p", "oncall_gym"];
  check(`${stand.name}: types`, program(folder, "mypy"), flags, empty);
  rmSync(empty, { recursive: true });
}

/** Runs a program in view of the reader. */
function check(name: string, command: string, args: readonly string[], cwd: string): void {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1", HF_HUB_OFFLINE: "1" };
  const { status, error } = spawnSync(command, args, { cwd, env, stdio: "inherit", timeout: CHECKS_MS });
  if (status !== 0) failed.push(`${name} (${error?.message ?? `exit code ${String(status)}`})`);
}

function say(line: string): void {
  process.stdout.write(`\n==> [${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s] ${line}\n`);
}
