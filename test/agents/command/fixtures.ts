import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandAgent } from "../../../agents/command/agent.ts";
import type { CommandPatience } from "../../../agents/command/agent.ts";
import type { CommandSettings } from "../../../agents/command/settings.ts";
import { localClient } from "../../../env/client/local.ts";
import { openEpisodePlane } from "../../../env/server/episode-plane/plane.ts";
import { agentPlane } from "../../../eval/agent-plane.ts";
import { systemClock } from "../../../eval/clock.ts";
import { tryEpisode } from "../../../eval/episode.ts";
import type { EpisodeRequest } from "../../../eval/episode.ts";
import { coreSuite } from "../../../tasks/index.ts";

export const TASK = "inc-117";
export const SEED = 4;

/** Short, so that a test of what happens at its end is short. */
const PATIENCE: CommandPatience = { farewellMs: 3000, termMs: 400, inFlightMs: 250 };

/** What stands at the head of every program here: how it reaches its incident. */
const PRELUDE = `
import { readFileSync, writeFileSync, readdirSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { spawn } from "node:child_process";
const post = async (path, body) => {
  const response = await fetch(process.env.ONCALL_HTTP_URL + path, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
  });
  return { status: response.status, ...(await response.json()) };
};
const step = (action) => post("/step", { action });
const report = (value) => writeFileSync(process.env.ONCALL_REPORT_FILE, typeof value === "string" ? value : JSON.stringify(value));
const close = () => step("resolve_incident(none, no_fault)");
`;

/** A folder with a program in it; \`dispose\` removes it. */
export function programFolder(): {
  readonly folder: string;
  readonly write: (source: string) => readonly string[];
  readonly dispose: () => void;
} {
  const folder = mkdtempSync(join(tmpdir(), "oncall-programs-"));
  let count = 0;
  return {
    folder,
    write(source) {
      count += 1;
      const file = join(folder, `program-${count}.mjs`);
      writeFileSync(file, PRELUDE + source);
      return [process.execPath, file];
    },
    dispose: () => rmSync(folder, { recursive: true }),
  };
}

/** Plays the test's incident by a program, through the harness's own loop and a listener of its own. */
export async function playedBy(
  argv: readonly string[],
  changes: Partial<CommandSettings> = {},
  request: Partial<EpisodeRequest> = {},
) {
  const settings = { name: "program", argv, env: [], timeoutMs: 30_000, configFolder: tmpdir(), ...changes };
  const agent = new CommandAgent(settings, PATIENCE);
  const plane = agentPlane(await openEpisodePlane(coreSuite));
  try {
    const { client, outside } = await plane.open();
    const played = await tryEpisode({
      client,
      nearby: () => localClient(coreSuite),
      agent,
      context: { rng: () => 0, outside },
      taskId: TASK,
      seed: SEED,
      clock: systemClock,
      signal: new AbortController().signal,
      ...request,
    });
    return { played, remains: agent.remains() };
  } finally {
    await plane.close();
  }
}
