import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { limitSettings, serverSettings } from "../../../env/server/settings.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { copyContext, ignores, readDockerfile } from "./dockerfile.ts";

/** Docker itself is not needed: the image's files are put together by its Dockerfile, and its command is run there. */
const root = join(import.meta.dirname, "../../..");
const client = join(root, "agents/python");
const NOBODY = 65_534;
/** What an image's user may do shows as root only. */
const isRoot = process.getuid?.() === 0;

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "oncall-image-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  chmodSync(folder, 0o755);
  return folder;
}

/** A folder with exactly the files of an image. */
function imageOf(dockerfile: string, context: string): string {
  const folder = temporaryFolder();
  copyContext(context, readDockerfile(dockerfile).copies, folder);
  return folder;
}

/** Runs the image's command as its unprivileged user; returns the address from its notice once it listens. */
async function start(folder: string, command: readonly string[], env: Readonly<Record<string, string>>) {
  const [program = "", ...args] = command;
  const home = temporaryFolder();
  chmodSync(home, 0o777);
  const child = spawn(program, args, {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "", HOME: home, TMPDIR: home, ...env },
    stdio: ["ignore", "ignore", "pipe"],
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  let said = "";
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? [];
      if (address !== undefined) resolve(address);
    });
    void ended.then(() => reject(new Error(`It ended instead of listening:\n${said}`)));
  });
  return { url, said: () => said };
}

const filesBelow = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: "utf8" });

describe("the server's image", () => {
  const dockerfile = readDockerfile(join(root, "Dockerfile"));

  test("runs as somebody other than root, from nothing but what is copied, and its health check tells", async () => {
    const folder = imageOf(join(root, "Dockerfile"), root);
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    expect(dockerfile.user).toBe("node");
    const { url, said } = await start(folder, dockerfile.command, { ...dockerfile.env, ONCALL_PORT: "0" });

    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: "healthy" });
    await expect.poll(said).toContain("anyone who can reach 0.0.0.0 may use this server");
    const [program = "", ...args] = dockerfile.healthCommand ?? [];
    const check = (port: string) => spawnSync(program, args, { env: { ...process.env, ONCALL_PORT: port } }).status;
    expect(check(new URL(url).port)).toBe(0);
    expect(check("1")).toBe(1);
  });

  test("holds no agent, test, harness, result or reference solution", () => {
    const files = filesBelow(imageOf(join(root, "Dockerfile"), root));
    expect(files).toContain("env/deploy/main.ts");
    expect(files).toContain("tasks/incidents/inc-101.ts");
    const strange = /^(?:agents|eval|test|plots|notes|\.git|node_modules)(?:\/|$)|expert|\breference\b|\.md$|\.db$/;
    expect(files.filter((file) => strange.test(file))).toEqual([]);
  });
});

describe("the agent's image", () => {
  test("holds the client, and no task", () => {
    const folder = imageOf(join(root, "env/deploy/agent.Dockerfile"), client);
    const files = filesBelow(folder);
    expect(files).toEqual(expect.arrayContaining(["client.py", "text_env.py", "trl_env.py", "pyproject.toml"]));
    expect(files.filter((file) => file.endsWith(".ts"))).toEqual([]);
    const text = files.filter((file) => /\.\w+$/.test(file)).map((file) => readFileSync(join(folder, file), "utf8"));
    expect(coreSuite.tasks.filter(({ id }) => text.some((one) => one.includes(id)))).toEqual([]);
  });

  test("is not run by root", () => {
    expect(readDockerfile(join(root, "env/deploy/agent.Dockerfile")).user).toBe("agent");
  });
});

describe("the Space's image", () => {
  const { command } = readDockerfile(join(client, "Dockerfile"));

  test("answers to the name that the Space has, and to no other", async () => {
    const folder = imageOf(join(root, "Dockerfile"), root);
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    const { env } = readDockerfile(join(root, "Dockerfile"));
    const { url } = await start(folder, command, { ...env, ONCALL_PORT: "0", SPACE_HOST: "someone-gym.example" });
    expect(await statusAs(url, "someone-gym.example")).toBe(200);
    expect(await statusAs(url, "127.0.0.1")).toBe(200);
    expect(await statusAs(url, "rebound.example")).toBe(403);
  });
});

/** Asks under another name, which `fetch` does not. */
const statusAs = (url: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    get(`${url}/health`, { headers: { host }, agent: false }, (reply) => {
      reply.resume();
      resolve(reply.statusCode);
    }).on("error", reject);
  });

describe("what a build context leaves out", () => {
  test("the last pattern that fits decides", () => {
    const isIgnored = ignores("# all\n*\n!env\nenv/bench\n");
    expect(isIgnored("README.md")).toBe(true);
    expect(isIgnored("env/core/env.ts")).toBe(false);
    expect(isIgnored("env/bench/main.ts")).toBe(true);
    expect(isIgnored("environment/x.ts")).toBe(true);
  });

  test("a pattern that this check would misread is refused", () => {
    expect(() => ignores("**/*.md\n")).toThrow("**/*.md");
  });
});

test("every variable that a deployment sets is one that the server reads", () => {
  const known = new Set(Object.values({ ...serverSettings, ...limitSettings }).flatMap(({ env }) => env));
  const files = ["Dockerfile", "agents/python/Dockerfile", "env/deploy/k8s/server.yaml"];
  const set = files.flatMap((file) => readFileSync(join(root, file), "utf8").match(/\bONCALL_[A-Z_]+\b/g) ?? []);
  expect(set.length).toBeGreaterThan(8);
  expect(set.filter((name) => !known.has(name) && name !== "ONCALL_IMAGE")).toEqual([]);
});
