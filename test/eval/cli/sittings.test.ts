import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { pauseCommand, unpauseCommand } from "../../../eval/cli/commands/pause.ts";
import { resumeCommand, retryErrorsCommand } from "../../../eval/cli/commands/resume.ts";
import { runCommand } from "../../../eval/cli/commands/run.ts";
import { targetsCommand } from "../../../eval/cli/commands/targets.ts";
import { EXIT } from "../../../eval/cli/exit.ts";
import { methodical } from "../../../eval/mock-models/models.ts";
import { startMockProvider } from "../../../eval/mock-provider/server.ts";
import type { MockProvider, MockProviderOptions } from "../../../eval/mock-provider/server.ts";
import { said, saidJson } from "../verify/said.ts";
import { playground, playingWiring } from "./playing.ts";

let place = playground();
beforeEach(() => {
  place = playground();
});
const providers: MockProvider[] = [];
afterEach(async () => {
  await Promise.all(providers.splice(0).map((one) => one.close()));
  place.remove();
});

async function provider(options: MockProviderOptions = {}): Promise<MockProvider> {
  const started = await startMockProvider({ reply: methodical, ...options });
  providers.push(started);
  return started;
}

type Make = Parameters<typeof said>[0];
const oncall = (make: Make, ...args: string[]) =>
  said(make, [...args, "--db", place.db, "--pause-file", place.pauseFile], playingWiring());
const run = (...args: string[]) => oncall(runCommand, ...args);
const targets = (...args: string[]) => said(targetsCommand, [...args, "--db", place.db], playingWiring());
const THREE = ["--task-ids", "inc-107,inc-117,inc-123"];

describe("a run", () => {
  test("as a stream: what it launches, each episode, what it came to", async () => {
    const { out, exitCode } = await run("--agents", "random,expert", ...THREE, "--json");
    const lines = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ type }) => type)).toEqual(["launch", ...Array.from({ length: 6 }, () => "episode"), "done"]);
    expect(lines[0]).toMatchObject({ agents: ["random", "expert"], planned: 6, done: 0 });
    expect(lines.at(-1)).toMatchObject({ status: "complete", done: 6, planned: 6 });
    expect(exitCode).toBe(EXIT.ok);
  });

  test("that succeeds too seldom exits with 3; anchors are judged only where nobody else plays", async () => {
    const low = await run("--agents", "random,expert", ...THREE, "--fail-under", "0.5");
    expect(low).toMatchObject({ exitCode: EXIT.threshold });
    expect(low.err).toContain("random succeeds in 0 of 3 episodes (0 %); wanted: 50 %.");
    const { baseUrl } = await provider();
    const config = place.config({ model: baseUrl() });
    const high = await run(
      "--agents",
      "tools:model,random",
      "--config",
      config,
      "--task-ids",
      "inc-117",
      "--fail-under",
      "0",
    );
    expect(high.exitCode).toBe(EXIT.ok);
  });

  test("that cannot be ranked exits with 3 where that is wanted, with the codes", async () => {
    const { baseUrl } = await provider();
    const config = place.config({ model: baseUrl() });
    const done = await run(
      "--agents",
      "tools:model",
      "--config",
      config,
      "--task-ids",
      "inc-117",
      "--require-eligible",
    );
    expect(done.exitCode).toBe(EXIT.threshold);
    expect(done.err).toMatch(/tools:model cannot be ranked: L\d\d/);
  });

  test("keeps no salt in what it says of its own command line", async () => {
    await run("--agents", "random", ...THREE, "--salt", "sesame-open");
    const [stored] = await place.read((store) => store.runs());
    expect(JSON.stringify(stored)).not.toContain("sesame-open");
    expect(stored?.saltSha256).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("a budget", () => {
  test("of calls stops before the episode that would break it, is an exit of its own, and can be raised", async () => {
    const { baseUrl } = await provider();
    const config = place.config({ model: baseUrl() });
    const what = ["--agents", "tools:model,random", ...THREE];
    const first = await run(...what, "--config", config, "--max-calls", "10");
    expect(first.exitCode).toBe(EXIT.budget);
    expect(first.err).toContain("The budget of 10 calls holds no further episode");
    const states = await place.read(async (store) => store.slots((await store.latestRun())?.runId ?? ""));
    expect(states.filter(({ state }) => state === "pending").length).toBeGreaterThan(0);
    const [stored] = await place.read((store) => store.runs());
    expect(stored).toMatchObject({ status: "budget_stopped", owner: null });

    const again = await oncall(resumeCommand, "--config", config, "--max-calls", "10");
    expect(again.exitCode).toBe(EXIT.budget); // what was used before counts
    const raised = await oncall(resumeCommand, "--config", config, "--max-calls", "1000");
    expect(raised.exitCode).toBe(EXIT.ok);
  });

  test("of money needs a price; a hard one needs a budget, and cuts an episode", async () => {
    const { baseUrl } = await provider();
    const unpriced = place.config({ model: baseUrl() });
    const what = ["--agents", "tools:model", ...THREE];
    await expect(run(...what, "--config", unpriced, "--max-cost-usd", "1")).rejects.toThrow("needs a price for model");
    await expect(run(...what, "--config", unpriced, "--hard-budget")).rejects.toThrow("--hard-budget needs a budget");
    const prices = [{ model: "model", from: "2026-01-01", input: "1000", output: "1000" }];
    const priced = place.config({ model: baseUrl() }, { prices });
    const cut = await run(...what, "--config", priced, "--max-cost-usd", "0.5", "--hard-budget");
    expect(cut.exitCode).toBe(EXIT.budget);
    const outcomes = await place.read((store) => store.episodes());
    expect(outcomes.map(({ outcome }) => outcome)).toContain("budget_stop");
  });
});

describe("a run that has stopped", () => {
  test("goes on where it was: paused by a file, resumed without being told again what it plays", async () => {
    writeFileSync(place.pauseFile, "");
    const paused = await run("--agents", "random,runbook", ...THREE, "--trials", "2", "--seed", "7");
    expect(paused.exitCode).toBe(EXIT.paused);
    expect(paused.err).toContain("oncall resume");
    await said(() => unpauseCommand(), ["--pause-file", place.pauseFile]);
    const resumed = await oncall(resumeCommand);
    expect(resumed.exitCode).toBe(EXIT.ok);
    const [stored, ...others] = await place.read((store) => store.runs());
    expect(others).toEqual([]);
    expect(stored).toMatchObject({ status: "complete", baseSeed: 7, trials: 2 });
    const events = await place.read((store) => store.events(stored?.runId ?? ""));
    expect(events.map(({ type }) => type)).toEqual(["pause", "resume"]);
    const nothing = await said(resumeCommand, [stored?.runId ?? "", "--db", place.db], playingWiring());
    expect(nothing.err).toContain("lacks nothing");
  });

  test("is never resumed as something else", async () => {
    writeFileSync(place.pauseFile, "");
    await run("--agents", "random", ...THREE);
    await said(() => unpauseCommand(), ["--pause-file", place.pauseFile]);
    await expect(run("--resume", "--seed", "2")).rejects.toThrow("base_seed: 0 -> 2");
    await expect(run("--resume", "--agents", "runbook")).rejects.toThrow("agents.runbook");
    await expect(run("--amend", "--agents", "runbook")).rejects.toThrow("--amend adds to a run");
  });

  test("can be given more to play: old slots stay as they are", async () => {
    await run("--agents", "random", ...THREE);
    const before = await place.read((store) => store.episodes());
    const [{ runId } = { runId: "" }] = await place.read((store) => store.runs());
    await run("--resume", runId, "--amend", "--agents", "runbook");
    await run("--resume", runId, "--amend", "--trials", "2");
    const after = await place.read((store) => store.episodes());
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.map(({ variantLabel, trial }) => `${variantLabel} ${trial}`).toSorted()).toEqual(
      ["random", "runbook"].flatMap((agent) => [0, 1].flatMap((trial) => Array(3).fill(`${agent} ${trial}`))),
    );
  });

  test("is rebuilt from its files where the database does not know it, and goes on", async () => {
    writeFileSync(place.pauseFile, "");
    await run("--agents", "random,runbook", ...THREE);
    await said(() => unpauseCommand(), ["--pause-file", place.pauseFile]);
    await oncall(resumeCommand);
    const [{ runId } = { runId: "" }] = await place.read((store) => store.runs());
    const before = await place.read((store) => store.episodes());
    for (const end of ["", "-wal", "-shm"]) rmSync(`${place.db}${end}`, { force: true });
    const torn = readdirSync(join(place.folder, runId, "episodes")).find((name) => name.startsWith("inc-117")) ?? "";
    writeFileSync(join(place.folder, runId, "episodes", torn), "{");

    const resumed = await oncall(resumeCommand, runId);
    expect(resumed.err).toContain("was brought in from");
    expect(resumed.err).toContain(`Left out, and played again: `);
    expect(resumed.exitCode).toBe(EXIT.ok);
    const after = await place.read((store) => store.episodes());
    const results = (episodes: typeof after) => episodes.map(({ slotId, score }) => [slotId, score]);
    expect(results(after)).toEqual(results(before));
    await expect(oncall(resumeCommand, "../elsewhere")).rejects.toThrow("would not lie beside the database");
  });

  test("because of its provider: retry-errors plays what has no score, and nothing else", async () => {
    const { baseUrl } = await provider({ script: ["status-500 x1", "ok*"] });
    const config = place.config({ model: baseUrl() });
    const first = await run("--agents", "tools:model", ...THREE, "--config", config, "--episode-retries", "0");
    expect(first.exitCode).toBe(EXIT.ok);
    expect(first.err).toContain("1 have no score. To try again: oncall retry-errors");
    const scored = (await place.read((store) => store.episodes())).filter((episode) => episode.scored);
    const again = await oncall(retryErrorsCommand, "--config", config);
    expect(again.exitCode).toBe(EXIT.ok);
    const after = await place.read((store) => store.episodes());
    expect(after.filter(({ final }) => final).every((episode) => episode.scored)).toBe(true);
    expect(after).toHaveLength(4);
    expect(after).toEqual(expect.arrayContaining(scored));
  });
});

describe("targets", () => {
  test("are shown, taken out, put first and played again", async () => {
    await said(() => pauseCommand(), ["--pause-file", place.pauseFile]);
    await run("--agents", "random,runbook", ...THREE);
    await said(() => unpauseCommand(), ["--pause-file", place.pauseFile]);
    const shown = (await saidJson(targetsCommand, ["--db", place.db], playingWiring())) as { targets: object[] };
    expect(shown.targets).toHaveLength(6);

    expect((await targets("remove", "--agents", "random", "--task-ids", "inc-107")).out).toContain("Removed 1 episode");
    expect((await targets("first", "--task-ids", "inc-123")).out).toContain("Moved 2 episodes");
    await oncall(resumeCommand);
    const played = await place.read((store) => store.episodes());
    expect(played.map(({ variantLabel, taskId }) => `${variantLabel} ${taskId}`)).toEqual([
      "random inc-123",
      "runbook inc-123",
      "runbook inc-107",
      "random inc-117",
      "runbook inc-117",
    ]);

    expect((await targets("remove", "--agents", "random")).out).toContain("Removed 0 episodes");
    expect((await targets("rerun", "--agents", "runbook", "--task-ids", "inc-117")).out).toContain("Queued 1 episode");
    await oncall(resumeCommand);
    const again = (await place.read((store) => store.episodes())).filter(
      ({ variantLabel, taskId }) => variantLabel === "runbook" && taskId === "inc-117",
    );
    expect(again.map(({ attempt, final }) => [attempt, final])).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  test("that do not exist are refused, and nothing changes", async () => {
    await run("--agents", "random", ...THREE);
    await expect(targets("rerun", "--agents", "rnadom")).rejects.toThrow('no agent "rnadom". Did you mean');
    await expect(targets("remove")).rejects.toThrow("Say which");
    const [stored] = await place.read((store) => store.runs());
    expect(await place.read((store) => store.events(stored?.runId ?? ""))).toEqual([]);
  });
});
