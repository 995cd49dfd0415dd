import { Command } from "commander";
import { vi } from "vitest";
import { localClient } from "../../../env/client/local.ts";
import { openEpisodePlane } from "../../../env/server/episode-plane/plane.ts";
import { openBackend } from "../../../env/store/backend.ts";
import { agentPlane } from "../../../eval/agent-plane.ts";
import { pauseCommand, unpauseCommand } from "../../../eval/cli/commands/pause.ts";
import { resumeCommand, retryErrorsCommand } from "../../../eval/cli/commands/resume.ts";
import { runCommand } from "../../../eval/cli/commands/run.ts";
import type { Wiring } from "../../../eval/cli/wiring.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { referenceFor } from "../../../tasks/reference.ts";

export interface Done {
  /** Zero where none was set. */
  readonly code: number;
  /** What the command threw. */
  readonly error: Error | null;
  /** All that it printed. */
  readonly said: string;
}

const COMMANDS = [runCommand, resumeCommand, retryErrorsCommand, pauseCommand, unpauseCommand];

/** `oncall …` within this process, where one of its own would show no more. One at a time: the exit code is shared. */
export async function here(args: readonly string[], changes: Partial<Wiring> = {}): Promise<Done> {
  const wiring = {
    suite: coreSuite,
    referenceFor,
    openBackend: (path: string) => openBackend(path),
    openStore: async (path: string, readOnly: boolean) => (await openBackend(path, { readOnly })).results,
    connectLocal: async () => localClient(coreSuite),
    nearby: () => localClient(coreSuite),
    openPlane: async () => agentPlane(await openEpisodePlane(coreSuite)),
    ...changes,
  } as unknown as Wiring;
  const program = new Command("oncall").exitOverride();
  for (const make of COMMANDS) program.addCommand(make(wiring).exitOverride());
  let said = "";
  const hear = (text: string | Uint8Array): boolean => ((said += String(text)), true);
  const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, "write").mockImplementation(hear));
  try {
    await program.parseAsync(args, { from: "user" });
    return { code: Number(process.exitCode ?? 0), error: null, said };
  } catch (error) {
    return { code: Number(process.exitCode ?? 0), error: error as Error, said };
  } finally {
    process.exitCode = undefined;
    for (const spy of spies) spy.mockRestore();
  }
}
