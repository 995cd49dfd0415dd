import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { openEpisodePlane } from "../../env/server/episode-plane/plane.ts";
import { openMemoryBackend } from "../../env/store/memory.ts";
import type { ResultStore } from "../../env/store/store.ts";
import { agentPlane } from "../../eval/agent-plane.ts";
import type { CommandSources } from "../../eval/command-variants.ts";
import { parseConfig, readConfigFile } from "../../eval/provider/config.ts";
import { checkEpisode } from "../../eval/verify/check-episode.ts";
import { coreSuite } from "../../tasks/index.ts";
import { programFolder } from "../agents/command/fixtures.ts";
import { planned, playedRun } from "./run-fixtures.ts";

const TWO = ["inc-117", "inc-131"];

const programs = programFolder();
afterAll(programs.dispose);
const stores: ResultStore[] = [];
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
});

/** A run of programs, and what it stored. */
async function played(sources: CommandSources, agents: string, taskIds: readonly string[] = TWO) {
  const backend = openMemoryBackend();
  const store = backend.results;
  stores.push(store);
  const outputs: string[] = [];
  const summary = await playedRun(planned(agents, sources, taskIds), sources.config, backend, {
    openPlane: async () => agentPlane(await openEpisodePlane(coreSuite)),
    onOutput: (_, { stdout }) => outputs.push(stdout),
    rules: { episodeRetries: 0 },
  });
  return { summary, store, outputs, episodes: await store.episodes() };
}

/** Programs by name, as a configuration has them. */
function commands(argvs: Readonly<Record<string, readonly string[]>>): CommandSources {
  const entries = Object.entries(argvs).map(([name, argv]) => [name, { argv, version: "1" }]);
  return { config: parseConfig(JSON.stringify({ commands: Object.fromEntries(entries) }), "test"), configFolder: "." };
}

const EXAMPLES = join(import.meta.dirname, "..", "..", "agents", "examples");
const examples = { config: readConfigFile(join(EXAMPLES, "oncall.config.json")), configFolder: EXAMPLES };

/** What a replay of each stored episode finds wrong. */
async function problems({ store, episodes }: Awaited<ReturnType<typeof played>>) {
  const found = await Promise.all(
    episodes.map(async (episode) => {
      const task = coreSuite.tasks.find(({ id }) => id === episode.taskId);
      return checkEpisode(episode, await store.steps(episode.episodeId), task as never);
    }),
  );
  return found.flat();
}

const hasPython = (): boolean => {
  try {
    execFileSync("python3", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};
const python = hasPython();
if (!python) process.stderr.write("\nSKIPPED: python3 IS NOT HERE, SO ITS EXAMPLE AGENT WAS NOT RUN.\n\n");

describe("the examples of outside agents", () => {
  test.skipIf(!python)("in Python over WebSocket plays real episodes", { timeout: 60_000 }, async () => {
    const run = await played(examples, "command:websocket,random");
    expect(run.summary).toMatchObject({ status: "complete", done: 4, errors: 0 });
    const own = run.episodes.filter(({ variantLabel }) => variantLabel === "command:websocket");
    expect(own).toMatchObject([
      { scored: true, terminalReason: "escalated", steps: 6 },
      { scored: true, terminalReason: "escalated", steps: 6 },
    ]);
    expect(run.outputs[0]).toContain("inspect_metrics(load_balancer)");
    expect(own.every(({ logSha256 }) => /^[0-9a-f]{64}$/.test(logSha256 ?? ""))).toBe(true);
    expect(await problems(run)).toEqual([]);
  });

  test("in TypeScript over MCP plays real episodes", { timeout: 60_000 }, async () => {
    const run = await played(examples, "command:mcp");
    expect(run.summary).toMatchObject({ status: "complete", done: 2, errors: 0 });
    expect(run.episodes).toMatchObject([
      { scored: true, terminalReason: "resolved", steps: 6 },
      { scored: true, terminalReason: "resolved", steps: 6 },
    ]);
    expect(run.outputs[0]).toContain("PAGE ");
    expect(await problems(run)).toEqual([]);
  });
});

describe("outside programs in a run", () => {
  test("that quit in the middle are scored, and what they report of themselves is kept", async () => {
    const argv = programs.write(`
      await step("inspect_logs(cache)");
      await step("nonsense");
      report({ model_returned: "m-2", turns: 2, input_tokens: 10, output_tokens: 5, cost_usd: 0.5 });
      process.exit(3);
    `);
    const run = await played(commands({ quitter: argv }), "command:quitter", ["inc-117"]);
    expect(run.episodes).toMatchObject([
      {
        outcome: "failure",
        terminalReason: "agent_quit",
        steps: 2,
        invalidActions: 1,
        inputTokens: 10,
        outputTokens: 5,
        costUusd: 500_000,
        costComplete: true,
        metrics: { program: { exit_code: 3, model_returned: "m-2", turns: 2 } },
      },
    ]);
    expect(await problems(run)).toEqual([]);
  });

  test("whose provider fails are unscored, and given up after three", async () => {
    const run = await played(commands({ unlucky: programs.write(`process.exit(75);`) }), "command:unlucky,random", [
      ...TWO,
      "inc-101",
      "inc-108",
      "inc-123",
    ]);
    expect(run.summary).toMatchObject({ status: "halted", errors: 0 });
    expect(run.summary.stopped).toMatchObject([{ variants: ["command:unlucky"] }]);
    const own = run.episodes.filter(({ variantLabel }) => variantLabel === "command:unlucky");
    expect(own.every(({ outcome, scored }) => outcome === "provider_error" && !scored)).toBe(true);
    expect(run.episodes.filter(({ scored }) => scored)).toHaveLength(5);
  });

  test("that cannot be started are our error, and the run stops", async () => {
    const run = await played(commands({ nothing: ["/nowhere/at/all"] }), "command:nothing");
    expect(run.summary).toMatchObject({ status: "failed" });
    expect(run.episodes.filter(({ outcome }) => outcome === "harness_error").length).toBeGreaterThan(0);
    expect(run.episodes.filter(({ scored }) => scored)).toEqual([]);
  });

  test("that give nonsense over and over are stopped after eight", async () => {
    const argv = programs.write(
      `for (;;) { const { done, status } = await step("what?"); if (done || status !== 200) break; }`,
    );
    const run = await played(commands({ lost: argv }), "command:lost", ["inc-117"]);
    expect(run.episodes).toMatchObject([{ scored: true, terminalReason: "invalid_streak", steps: 8 }]);
    expect(await problems(run)).toEqual([]);
  });
});
