import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { openSqliteStore } from "../../../env/store/sqlite/results.ts";
import { methodical } from "../../../eval/mock-models/models.ts";
import { startMockProvider } from "../../../eval/mock-provider/server.ts";
import type { MockProvider, MockProviderOptions } from "../../../eval/mock-provider/server.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const folder = mkdtempSync(join(tmpdir(), "oncall-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));
const db = join(folder, "oncall.db");

const providers: MockProvider[] = [];
afterEach(async () => {
  await Promise.all(providers.splice(0).map((one) => one.close()));
});
async function provider(options: MockProviderOptions = {}): Promise<MockProvider> {
  const started = await startMockProvider(options);
  providers.push(started);
  return started;
}

interface Done {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program in a process of its own, with the test's database. */
async function oncall(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Done> {
  const main = join(root, "eval", "cli", "main.ts");
  const child = spawn(process.execPath, ["--import", "tsx", main, ...args, "--db", db], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].on("data", (chunk: Buffer) => (texts[name] += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, ...texts };
}

/** A configuration file with these models. */
function configFile(models: Readonly<Record<string, object>>): string {
  const file = join(folder, `config-${Object.keys(models).join("-")}.json`);
  const policy = { max_retries: 0, min_interval_s: 0, rate_limit: 0 };
  writeFileSync(file, JSON.stringify({ models, policy }));
  return file;
}

describe("oncall run with language models", { timeout: 60_000 }, () => {
  test("a dead provider: exit code 5, nothing scored, no rank, and the others are played", async () => {
    const closed = await startMockProvider();
    await closed.close();
    const config = configFile({ dead: { model: "dead", base_url: closed.baseUrl() } });
    const done = await oncall(["run", "--agents", "tools:dead,random", "--config", config, "--split", "dev"]);
    expect(done.code).toBe(5);
    expect(done.stderr).toContain("Stopped tools:dead: The provider failed 3 episodes in a row.");
    expect(done.stderr).toContain("nothing of it is ranked");
    expect(done.stdout).toMatch(/│ –\s+│ tools:dead /);
    const store = await openSqliteStore(db, { readOnly: true });
    const run = await store.latestRun();
    expect(run).toMatchObject({ status: "halted" });
    const episodes = await store.episodes({ runIds: [run?.runId ?? ""] });
    expect(episodes.filter(({ scored, variantLabel }) => scored && variantLabel === "tools:dead")).toEqual([]);
    expect(episodes.filter(({ scored }) => scored)).toHaveLength(8);
    await store.close();
  });

  test("a model without a configuration, told by flags alone, is stored with what they say of it", async () => {
    const { baseUrl } = await provider({ reply: methodical });
    const flags = ["--base-url", baseUrl(), "--engine-name", "vllm", "--hardware", "H100", "--model-version", "v2"];
    const done = await oncall([
      "run",
      "--models",
      "my/model",
      ...flags,
      "--task-ids",
      "inc-117",
      "--temperature",
      "0.5",
      "--json",
    ]);
    expect(done).toMatchObject({ code: 0 });
    const { runId } = JSON.parse(done.stdout.trim().split("\n").at(-1) ?? "") as { runId: string };
    const store = await openSqliteStore(db, { readOnly: true });
    expect(await store.variants(runId)).toMatchObject([
      {
        label: "tools:my/model",
        model: "my/model",
        engineName: "vllm",
        hardware: "H100",
        modelVersion: "v2",
        deployment: "local",
        sampling: { temperature: 0.5 },
      },
    ]);
    expect(await store.run(runId)).toMatchObject({ policy: { "my/model": { max_in_flight: 1 } } });
    await store.close();
  });

  test.for([
    ["no agent", ["run"], "Nobody plays"],
    ["an unknown model", ["run", "--agents", "tools:nobody"], 'Unknown model "nobody"'],
    [
      "a key that is not set",
      ["run", "--models", "m", "--base-url", "http://127.0.0.1:9/v1", "--api-key-env", "NO_SUCH"],
      "NO_SUCH",
    ],
  ] as const)("%s: exit code 2, and a sentence", async ([, args, message]) => {
    const done = await oncall([...args, "--task-ids", "inc-117"]);
    expect(done.code).toBe(2);
    expect(done.stderr).toContain(message);
    expect(done.stderr).not.toContain("    at ");
  });
});

test(
  "oncall play --agent shows what a model says, does and sees, and what it was worth",
  { timeout: 60_000 },
  async () => {
    const { baseUrl } = await provider({ reply: methodical });
    const done = await oncall([
      "play",
      "--agent",
      "react:m",
      "--base-url",
      baseUrl(),
      "--task-id",
      "inc-117",
      "--seed",
      "3",
    ]);
    expect(done).toMatchObject({ code: 0 });
    expect(done.stdout).toContain('| {"type":"inspect_metrics","service":"load_balancer"}');
    expect(done.stdout).toContain("> inspect_metrics(load_balancer)   (");
    expect(done.stdout).toMatch(/Score 0\.\d+/);
  },
);

test("oncall play --agent with a provider that is down says so, without a stack", { timeout: 60_000 }, async () => {
  const { baseUrl } = await provider();
  const args = ["play", "--agent", "tools:m", "--base-url", baseUrl("status-401"), "--task-id", "inc-117"];
  const done = await oncall(args);
  expect(done.code).toBe(5);
  expect(done.stderr).toContain("error: The provider refused the key.");
  expect(done.stderr).not.toContain("    at ");
});

describe("oncall doctor", { timeout: 60_000 }, () => {
  test("finds what is right and what is wrong with each model, in one call each", async () => {
    const called = { name: "report_ready", arguments: '{"ready":true}' };
    const message = { content: null, tool_calls: [{ id: "a", type: "function", function: called }] };
    const fine = await provider({ script: ["token-limit-name", { do: "reply", message }] });
    const mute = await provider({ script: ["usage-missing"] });
    const config = configFile({
      fine: { model: "fine", base_url: fine.baseUrl() },
      mute: { model: "mute", base_url: mute.baseUrl() },
      locked: { model: "locked", base_url: fine.baseUrl("status-401") },
      keyless: { model: "keyless", base_url: fine.baseUrl(), api_key_env: "ONCALL_TEST_NO_SUCH_KEY" },
      nowhere: { model: "nowhere", base_url: "https://nothing.invalid/v1" },
    });
    const done = await oncall(["doctor", "--config", config, "--json"]);
    expect(done.code).toBe(1);
    const { ok, checks } = JSON.parse(done.stdout) as {
      ok: boolean;
      checks: Record<"of" | "what" | "health" | "detail", string>[];
    };
    expect(ok).toBe(false);
    const health = (of: string) =>
      Object.fromEntries(checks.filter((one) => one.of === of).map((one) => [one.what, one.health]));
    expect(health("machine")).toMatchObject({
      database: "ok",
      runtime: "ok",
      anchors: expect.anything(),
      suite: expect.anything(),
    });
    expect(health("fine")).toEqual({
      connection: "ok",
      clock: "ok",
      call: "ok",
      name: "ok",
      functions: "ok",
      "token limit": "ok",
      usage: "ok",
      reasoning: "ok",
      price: "warn",
    });
    expect(checks.find(({ of, what }) => of === "fine" && what === "token limit")?.detail).toBe(
      "takes max_completion_tokens",
    );
    expect(health("mute")).toMatchObject({ functions: "warn", usage: "warn" });
    expect(health("locked")).toMatchObject({ connection: "ok", call: "fail" });
    expect(health("keyless")).toEqual({ key: "fail" });
    expect(health("nowhere")).toEqual({ name: "fail" });
    expect(mute.journal.entries.filter(({ did }) => did === "reply")).toHaveLength(1);
  });

  test("without models looks at the machine alone, and ends well", async () => {
    const done = await oncall(["doctor", "--config", configFile({})]);
    expect(done).toMatchObject({ code: 0 });
    expect(done.stdout).toContain("database");
  });
});
