import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openBackend } from "../../../../env/store/backend.ts";
import { contents } from "./operations.ts";
import { goOn, uninterrupted } from "./sweep.ts";
import type { Point } from "./sweep.ts";

const root = join(import.meta.dirname, "../../../..");
const folder = mkdtempSync(join(tmpdir(), "oncall-sweep-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Most processes at once. */
const AT_ONCE = 3;

/** The script in plain JavaScript: a process of it starts in a third of the time. */
function compiled(): string {
  const script = "test/env/store/sqlite/die-at";
  const options = ["--ignoreConfig", "--noCheck", "--rewriteRelativeImportExtensions", "--module", "nodenext"];
  const places = ["--target", "es2023", "--rootDir", root, "--outDir", folder];
  execFileSync(join(root, "node_modules/.bin/tsc"), [...options, ...places, join(root, `${script}.ts`)]);
  const migrations = "env/store/sqlite/migrations";
  cpSync(join(root, migrations), join(folder, migrations), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  return join(folder, `${script}.js`);
}

/** Of the steps of one name, the first: `sweep.test.ts` looks at what each of them leaves. */
const firstOfEach = (points: readonly Point[]) => [
  ...new Map(points.toReversed().map((point) => [point.name, point])).values(),
];

test("after kill -9 at a step of any kind, what was done is there, nothing else is, and another goes on", async () => {
  const script = compiled();
  const { points, states } = await uninterrupted(join(folder, "whole.db"));

  async function survives({ number, name, after }: Point): Promise<void> {
    const file = join(folder, `${number}.db`);
    const child = spawn(process.execPath, [script, file, `${number}`], { stdio: "inherit" });
    await once(child, "exit");
    expect([name, child.signalCode]).toEqual([name, "SIGKILL"]);
    const backend = await openBackend(file);
    expect([name, contents(file)]).toEqual([name, states[after]]);
    const goesOn = name.endsWith(":commit");
    if (goesOn) await goOn(backend, after);
    await backend.close();
    expect([name, contents(file)]).toEqual([name, states.at(goesOn ? -1 : after)]);
  }

  const left = firstOfEach(points);
  const worker = async () => {
    for (let point = left.shift(); point !== undefined; point = left.shift()) await survives(point);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}, 180_000);
