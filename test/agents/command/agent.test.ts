import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ProgramNotStarted } from "../../../agents/command/errors.ts";
import { ProviderError } from "../../../agents/llm/errors.ts";
import { playedBy, programFolder } from "./fixtures.ts";

const programs = programFolder();
afterAll(programs.dispose);

/** Where programs get their folders, apart from what other tests leave in the system's. */
const temporary = mkdtempSync(join(tmpdir(), "oncall-places-"));
const { TMPDIR } = process.env;
beforeAll(() => {
  process.env["TMPDIR"] = temporary;
});
afterAll(() => {
  if (TMPDIR === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = TMPDIR;
  rmSync(temporary, { recursive: true });
});

/** A killed orphan stays as a zombie where nobody collects it. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync("/proc") || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

describe("how it ends, and what that is recorded as", () => {
  test("incident closed: scored; the program has time to write its report", async () => {
    const { played, remains } = await playedBy(
      programs.write(`
        await step("inspect_metrics(web_server)");
        await step({ type: "inspect_logs", service: "cache" });
        await close();
        await wait(200);
        report({ status: "ok", model_returned: "m-1", turns: 3, input_tokens: 100, output_tokens: 20, cost_usd: 0.25 });
        console.log("bye");
      `),
    );
    expect(played).toMatchObject({ verdict: { ended: "resolved" } });
    expect("steps" in played && played.steps.map(({ action }) => action)).toEqual([
      "inspect_metrics(web_server)",
      { type: "inspect_logs", service: "cache" },
      "resolve_incident(none, no_fault)",
    ]);
    expect(remains).toMatchObject({
      stdout: "bye\n",
      facts: { exit_code: 0, model_returned: "m-1", turns: 3, report_problem: null },
      inputTokens: 100,
      outputTokens: 20,
      costUusd: 250_000,
    });
  });

  test.for([
    ["without a word", "", 0, null],
    ["after a look", `await step("inspect_logs(cache)");`, 0, null],
    ["by an exception", `throw new Error("my own bug");`, 1, null],
    ["by a signal", `process.kill(process.pid, "SIGKILL"); await wait(60_000);`, null, "SIGKILL"],
  ] as const)("exits without closing, %s: scored, agent_quit", async ([, source, code, signal]) => {
    const { played, remains } = await playedBy(programs.write(source));
    expect(played).toMatchObject({ verdict: { ended: "agent_quit", success: false } });
    expect(remains?.facts).toMatchObject({ exit_code: code, exit_signal: signal });
  });

  test("runs past its time: scored, time_limit; nothing of its group is left, whatever it ignores", async () => {
    const file = join(programs.folder, "pids");
    const { played, remains } = await playedBy(
      programs.write(`
        process.on("SIGTERM", () => console.log("no"));
        const child = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"]);
        await step("inspect_logs(cache)");
        writeFileSync(${JSON.stringify(file)}, process.pid + " " + child.pid);
        await wait(60_000);
      `),
      { timeoutMs: 2500 },
    );
    expect(played).toMatchObject({ verdict: { ended: "time_limit" } });
    expect("steps" in played && played.steps).toHaveLength(1);
    expect(remains).toMatchObject({ stdout: "no\n", facts: { exit_signal: "SIGKILL" } });
    const pids = readFileSync(file, "utf8").split(" ").map(Number);
    expect(pids).toHaveLength(2);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  test("closes and stays: scored as closed, and stopped after its farewell", async () => {
    const { played, remains } = await playedBy(programs.write(`await close(); await wait(60_000);`));
    expect(played).toMatchObject({ verdict: { ended: "resolved" } });
    expect(remains?.facts).toMatchObject({ exit_signal: "SIGTERM" });
  });

  test.for([
    ["exit code 75", `process.exit(75);`],
    ["a report", `report({ status: "provider_error" });`],
    ["exit code 75 after some steps", `await step("inspect_logs(cache)"); process.exit(75);`],
  ] as const)("says by %s that its provider failed: unscored", async ([, source]) => {
    const { played } = await playedBy(programs.write(source));
    expect("error" in played && played.error).toBeInstanceOf(ProviderError);
  });

  test("closes, and then says that its provider failed: the incident is closed, and scored", async () => {
    const { played } = await playedBy(programs.write(`await close(); process.exit(75);`));
    expect(played).toMatchObject({ verdict: { ended: "resolved" } });
  });

  test.for([
    ["a program that does not exist", ["/nowhere/program"]],
    ["a program that is none", [join(programs.folder, ".")]],
    ["exit code 126", [process.execPath, "-e", "process.exit(126)"]],
    ["exit code 127", [process.execPath, "-e", "process.exit(127)"]],
  ] as const)("%s: our own error, which ends the run", async ([, argv]) => {
    const { played } = await playedBy(argv);
    expect("error" in played && played.error).toBeInstanceOf(ProgramNotStarted);
  });

  test("is stopped with the run", async () => {
    const stop = new AbortController();
    const file = join(programs.folder, "pid");
    const { played } = await playedBy(
      programs.write(`
        writeFileSync(${JSON.stringify(file)}, String(process.pid));
        await step("inspect_logs(cache)");
        await wait(60_000);
      `),
      {},
      { signal: stop.signal, onStep: ({ turn }) => turn !== null && stop.abort(new Error("stopped by a person")) },
    );
    expect("error" in played && played.error).toMatchObject({ message: "stopped by a person" });
    expect(isAlive(Number(readFileSync(file, "utf8")))).toBe(false);
  });
});

describe("what a program is given", () => {
  test("is an empty folder, files to read, and an environment that is an allow-list", async () => {
    process.env.ONCALL_TEST_SECRET = "hidden-from-programs";
    process.env.ONCALL_TEST_SHARED = "shared-with-programs";
    const { played, remains } = await playedBy(
      programs
        .write(`
        const { ONCALL_PROMPT_FILE: prompt, HOME, TMPDIR } = process.env;
        console.log(JSON.stringify({
          names: Object.keys(process.env).sort(), files: readdirSync("."), home: readdirSync(HOME), tmp: readdirSync(TMPDIR),
          prompt: readFileSync(prompt, "utf8"), argv: process.argv.slice(2), mcp: readFileSync(process.argv[2], "utf8"),
          cwd: process.cwd(), mcpUrl: process.env.ONCALL_MCP_URL, shared: process.env.ONCALL_TEST_SHARED,
        }));
        await close();
      `)
        .concat("{mcp_config}", "{prompt_file}", "{config_dir}/x", "{else}"),
      { env: ["ONCALL_TEST_SHARED", "ONCALL_TEST_ABSENT"], configFolder: "/etc/oncall" },
    );
    expect(played).toHaveProperty("verdict");
    const seen = JSON.parse(remains?.stdout ?? "") as Record<string, string>;
    const ours = ["PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ"].filter((name) => process.env[name] !== undefined);
    const given = ["HOME", "TMPDIR", "ONCALL_TEST_SHARED", "ONCALL_PROMPT_FILE", "ONCALL_REPORT_FILE"];
    expect(seen["names"]).toEqual([...ours, ...given, "ONCALL_HTTP_URL", "ONCALL_MCP_URL", "ONCALL_WS_URL"].toSorted());
    expect([seen["files"], seen["home"], seen["tmp"]]).toEqual([[], [], []]);
    expect(seen["argv"]).toEqual([
      expect.stringContaining("mcp.json"),
      expect.stringContaining("prompt.md"),
      "/etc/oncall/x",
      "{else}",
    ]);
    expect(JSON.parse(seen["mcp"] ?? "")).toEqual({ mcpServers: { oncall: { type: "http", url: seen["mcpUrl"] } } });
    expect(seen["prompt"]).toContain("PAGE ");
    expect(seen["prompt"]).toContain("resolve_incident(service, fault, summary?)");
    expect(seen["prompt"]).not.toMatch(/inc-117|seed|difficulty|reward|score/);
    expect(existsSync(seen["cwd"] ?? "/")).toBe(false);
    expect(seen["shared"]).toBe("***"); // the value is kept out of what is kept
  });

  test("keeps the end of what it prints, up to a mebibyte of each stream", async () => {
    const { remains } = await playedBy(
      programs.write(`
        for (let i = 0; i < 5; i += 1) process.stdout.write("x".repeat(1_000_000));
        process.stdout.write("the end");
        process.stderr.write("\\ud83d\\ude00 and \\u0000\\u001b[2J");
        await close();
      `),
    );
    expect(remains?.stdout.length).toBeLessThan(1_100_000);
    expect(remains?.stdout).toMatch(/^\(\d+ earlier bytes are left out\)\nx+the end$/);
    expect(remains?.stderr).toContain("and");
  });

  test.for([
    ["not JSON", "what?", "not JSON"],
    ["a negative count", '{"turns":-1}', "turns: Too small: expected number to be >=0"],
    ["a long text", `{"status":"${"x".repeat(100_000)}"}`, null],
    ["keys of its own", '{"mood":"fine"}', null],
  ] as const)("a report of %s changes nothing", async ([, text, problem]) => {
    const { played, remains } = await playedBy(programs.write(`report(${JSON.stringify(text)}); await close();`));
    expect(played).toHaveProperty("verdict");
    expect(remains?.facts.report_problem).toBe(problem);
  });
});

test("leaves no folder behind, however it ended", () => {
  expect(tmpdir()).toBe(temporary);
  expect(readdirSync(temporary)).toEqual([]);
});
