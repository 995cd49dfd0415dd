import type { Command } from "commander";
import { vi } from "vitest";
import { openSqliteStore } from "../../../env/store/sqlite/results.ts";
import type { Wiring } from "../../../eval/cli/wiring.ts";
import { drawRun } from "../../../plots/run.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { FROZEN_FOLDER } from "../../../tasks/load.ts";
import { referenceFor } from "../../../tasks/reference.ts";

/** What commands that read are wired to; a command that asks for anything else gets `undefined`. */
export const readingWiring = (changes: Partial<Wiring> = {}): Wiring =>
  ({
    suite: coreSuite,
    frozenFolder: FROZEN_FOLDER,
    referenceFor,
    openStore: (path: string, readOnly: boolean) => openSqliteStore(path, { readOnly }),
    drawRun,
    ...changes,
  }) as Wiring;

/** What a command wrote, and the exit code that it asked for. */
export interface Said {
  readonly out: string;
  readonly err: string;
  readonly exitCode: number;
}

/** Runs a command as the program does, in this process. Rejects with what the command throws. */
export async function said(make: (wiring: Wiring) => Command, args: readonly string[], wiring = readingWiring()) {
  const written = { out: "", err: "" };
  const out = vi.spyOn(process.stdout, "write").mockImplementation((text) => ((written.out += String(text)), true));
  const err = vi.spyOn(process.stderr, "write").mockImplementation((text) => ((written.err += String(text)), true));
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    await make(wiring).exitOverride().parseAsync(args, { from: "user" });
    return { ...written, exitCode: process.exitCode } satisfies Said;
  } finally {
    out.mockRestore();
    err.mockRestore();
    process.exitCode = before;
  }
}

/** The document that a command prints with `--json`. */
export const saidJson = async (make: (wiring: Wiring) => Command, args: readonly string[], wiring?: Wiring) =>
  JSON.parse((await said(make, [...args, "--json"], wiring)).out) as unknown;
