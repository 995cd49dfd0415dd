import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ConfigError, openToAll, readConfig } from "../../../env/server/config.ts";
import { limitSettings, serverSettings } from "../../../env/server/settings.ts";
import { DEFAULT_LIMITS } from "../../../env/session/limits.ts";

const token = "a-token-of-sixteen-characters";

describe("settings", () => {
  test("have defaults", () => {
    expect(readConfig()).toEqual({
      host: "127.0.0.1",
      port: 8000,
      allowedHosts: [],
      allowedOrigins: [],
      agentPort: null,
      controlToken: null,
      agentToken: null,
      allowPathToken: false,
      insecureNoAuth: false,
      mode: "simulation",
      openenvContract: "gym",
      httpSessions: "separate",
      defaultSeed: 0,
      defaultTask: null,
      durable: null,
      nodeId: "",
      logLevel: "error",
      limits: DEFAULT_LIMITS,
    });
  });

  test("come from the flag, then the variable, then the default", () => {
    const env = { ONCALL_PORT: "9000", ONCALL_MAX_SESSIONS: "7", MAX_CONCURRENT_ENVS: "8", ONCALL_SESSION_IDLE: "60" };
    expect(readConfig({ env })).toMatchObject({ port: 9000, limits: { maxSessions: 7, sessionIdleS: 60 } });
    expect(readConfig({ env, flags: { port: 1, maxSessions: "2" } })).toMatchObject({
      port: 1,
      limits: { maxSessions: 2 },
    });
    expect(readConfig({ env: { MAX_CONCURRENT_ENVS: "8" } }).limits.maxSessions).toBe(8);
    expect(readConfig({ env: { ONCALL_ALLOWED_HOSTS: "a.example, b.example," } }).allowedHosts).toEqual([
      "a.example",
      "b.example",
    ]);
    expect(readConfig({ env: { ONCALL_FRAME_BYTES: "100" } }).limits.frameBytes).toBe(100);
  });

  test("that are wrong are all named, with what was expected", () => {
    const env = {
      ONCALL_PORT: "http",
      ONCALL_INSECURE_NO_AUTH: "maybe",
      ONCALL_CONTROL_TOKEN: "short",
      ONCALL_PING_MS: "0",
    };
    expect(() => readConfig({ env })).toThrow(ConfigError);
    expect(() => readConfig({ env })).toThrow(
      /ONCALL_PORT: expected a whole number from 0 to 65535.*\nONCALL_CONTROL_TOKEN: expected 16 to 256.*\nONCALL_INSECURE_NO_AUTH: expected true or false.*\nONCALL_PING_MS: /s,
    );
    for (const port of ["", "1.5", "1e3", "0x10", "70000", -1, "8000 "]) {
      expect(() => readConfig({ flags: { port } })).toThrow("--port: ");
    }
  });

  test.for([
    [true, "notes/runs/sessions.db"],
    ["true", "notes/runs/sessions.db"],
    ["1", "notes/runs/sessions.db"],
    ["false", null],
    ["", null],
    ["here.db", "here.db"],
  ] as const)("--durable %j keeps sessions in %s", ([durable, file]) => {
    expect(readConfig({ flags: { durable } }).durable).toBe(file);
    expect(readConfig({ env: { ONCALL_DURABLE: String(durable) } }).durable).toBe(file);
  });

  test("have flags and variables of their own, which the example file explains", () => {
    const all = Object.values({ ...serverSettings, ...limitSettings });
    const flags = all.map(({ flag }) => flag);
    const variables = all.flatMap(({ env }) => env);
    expect(new Set([...flags, ...variables]).size).toBe(flags.length + variables.length);
    expect(flags.every((flag) => /^--[a-z]+(?:-[a-z]+)*$/.test(flag))).toBe(true);
    const example = readFileSync(join(import.meta.dirname, "../../../.env.example"), "utf8");
    for (const name of ["host", "port", "allowedHosts", "controlToken", "insecureNoAuth"] as const) {
      expect(example).toContain(`${serverSettings[name].env[0]}=`);
    }
  });
});

describe("an address that other machines reach", () => {
  test.for(["0.0.0.0", "::", "192.168.1.5", "gym.example", "127.0.0.1.evil.example", "128.0.0.1"])(
    "%s needs a token, or consent that is warned of",
    (host) => {
      expect(() => readConfig({ flags: { host } })).toThrow(/lets other machines connect.*--insecure-no-auth/);
      expect(openToAll(readConfig({ flags: { host, controlToken: token } }))).toBeNull();
      expect(openToAll(readConfig({ flags: { host, insecureNoAuth: true } }))).toMatch(/^Warning: /);
    },
  );

  test.for(["127.0.0.1", "127.1.2.3", "::1", "localhost"])("%s does not", (host) => {
    expect(openToAll(readConfig({ flags: { host } }))).toBeNull();
  });
});
