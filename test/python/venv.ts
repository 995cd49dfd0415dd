import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stand } from "./stands.ts";

const root = join(import.meta.dirname, "../..");
/** Eight gigabytes, six of them torch; `npm ci` empties the default place. */
const CACHE = process.env.ONCALL_PYTHON_CACHE ?? join(root, "node_modules/.cache/oncall-python");
const INSTALL_S = 600;
/** Present once everything is installed; an interrupted installation is begun anew. */
const COMPLETE = "complete";

/** A Python that can make virtual environments. */
export interface Python {
  readonly command: string;
  readonly version: readonly [number, number];
}

/** What could be prepared, or a sentence that says why it could not. */
export type Prepared = { readonly ok: true; readonly folder: string } | { readonly ok: false; readonly reason: string };

/** The first Python on the path that has venv and is new enough; `ONCALL_PYTHON` is asked first. */
export function findPython(least: readonly [number, number]): Python | null {
  const named = [13, 12, 11, 10].map((minor) => `python3.${minor}`);
  for (const command of [process.env.ONCALL_PYTHON, "python3", ...named, "python"]) {
    if (command === undefined) continue;
    const told = run(command, ["-c", "import sys, venv, ensurepip; print(*sys.version_info[:2])"]);
    const [major = 0, minor = 0] = told.stdout.split(" ").map(Number);
    if (told.ok && major === least[0] && minor >= least[1]) return { command, version: [major, minor] };
  }
  return null;
}

/**
 * A virtual environment with a stand's libraries, from the cache or made now, and our package as it is now.
 * @throws Error when our own package cannot be built or installed
 */
export function prepare(stand: Stand, python: Python): Prepared {
  const key = createHash("sha256")
    .update(JSON.stringify([stand.requirements, python.version]))
    .digest("hex");
  const folder = join(CACHE, `${stand.name}-${key.slice(0, 12)}`);
  if (!existsSync(join(folder, COMPLETE))) {
    const made = make(folder, python, stand);
    if (!made.ok) {
      rmSync(folder, { recursive: true, force: true });
      return made;
    }
  }
  return installPackage(folder);
}

function make(folder: string, python: Python, stand: Stand): Prepared {
  const { diskGb = 0 } = stand;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  const freeGb = freeGigabytes(CACHE);
  if (freeGb < diskGb) return { ok: false, reason: `it needs ${diskGb} GB of disk; ${freeGb.toFixed(1)} are free` };
  const made = run(python.command, ["-m", "venv", folder]);
  if (!made.ok) return { ok: false, reason: `no virtual environment could be made: ${lastLines(made.stderr)}` };
  const problem = install(folder, stand);
  if (problem !== null) return { ok: false, reason: problem };
  writeFileSync(join(folder, COMPLETE), "");
  return { ok: true, folder };
}

/** Null when it is done. */
function install(folder: string, { requirements, installS = INSTALL_S, byUv = false }: Stand): string | null {
  const late = performance.now() + installS * 1000;
  if (byUv && !hasOwnIndex && installByUv(folder, requirements, late)) return null;
  const { ok, stderr } = run(program(folder, "pip"), ["install", "--quiet", ...requirements], left(late));
  return ok ? null : `it could not be installed within ${installS} s: ${lastLines(stderr)}`;
}

/** uv knows nothing of an index that pip is told of. */
const hasOwnIndex = (process.env.PIP_INDEX_URL ?? process.env.PIP_EXTRA_INDEX_URL) !== undefined;

/** Much faster than pip, with gigabytes. Without a cache of its own, which would hold them twice. */
function installByUv(folder: string, requirements: readonly string[], late: number): boolean {
  const flags = ["--quiet", "--no-cache", "--python", program(folder, "python")];
  return (
    run(program(folder, "pip"), ["install", "--quiet", "uv"], left(late)).ok &&
    run(program(folder, "uv"), ["pip", "install", ...flags, ...requirements], left(late)).ok
  );
}

/** Milliseconds from now; at least one. */
const left = (late: number): number => Math.max(1, Math.ceil(late - performance.now()));

/** Built from a copy, because setuptools leaves its work beside the source. */
function installPackage(folder: string): Prepared {
  const copy = mkdtempSync(join(tmpdir(), "oncall-package-"));
  try {
    cpSync(join(root, "agents/python"), copy, { recursive: true });
    const flags = ["--quiet", "--no-deps", "--no-build-isolation", "--force-reinstall"];
    const installed = run(program(folder, "pip"), ["install", ...flags, copy], INSTALL_S * 1000);
    if (!installed.ok) throw new Error(`The package could not be built or installed:\n${installed.stderr}`);
  } finally {
    rmSync(copy, { recursive: true });
  }
  return { ok: true, folder };
}

/** A program of a virtual environment. */
export const program = (folder: string, name: string): string => join(folder, "bin", name);

function run(command: string, args: readonly string[], timeout = 60_000) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", timeout });
  return { ok: status === 0, stdout: stdout ?? "", stderr: `${stderr ?? ""}${error?.message ?? ""}` };
}

function freeGigabytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return (bavail * bsize) / 1e9;
}

const lastLines = (text: string): string => text.trim().split("\n").slice(-3).join("\n");
