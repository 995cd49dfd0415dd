import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { UsageError } from "../../../eval/errors.ts";
import { ModelEntry, parseConfig, readConfigFile, selectModels } from "../../../eval/provider/config.ts";
import { endpointKey } from "../../../eval/provider/endpoint.ts";
import { allKeys, keyOf, loadKeys } from "../../../eval/provider/keys.ts";
import { gateRules, POLICY_NAMES, policySettings } from "../../../eval/provider/policy.ts";
import { deploymentOf, policyFlags, readPolicy } from "../../../eval/provider/read-policy.ts";
import { Secret } from "../../../eval/provider/secret.ts";

const folder = mkdtempSync(join(tmpdir(), "oncall-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

const EXAMPLE = {
  models: {
    gpt: {
      model: "gpt-5.5",
      base_url: "https://api.openai.com/v1",
      api_key_env: "OPENAI_API_KEY",
      deployment: "cloud",
    },
    qwen: {
      model: "Qwen3.5-397B",
      base_url: "http://127.0.0.1:8080/v1",
      engine_name: "mlx_lm",
      engine_version: "0.31.2",
      hardware: "M3 Ultra 512GB",
      model_version: "2026-04",
      quantization: "4bit",
      policy: { min_interval_s: 2 },
    },
  },
  groups: { cloud: ["gpt"], all: ["gpt", "qwen"] },
  commands: { coder: { argv: ["coder", "{prompt_file}"], version: "1.4.0" } },
  prices: [{ model: "gpt-5.5", from: "2026-11-01", input: "1.25", cached: "0.125", output: "10" }],
};

const config = parseConfig(JSON.stringify(EXAMPLE), "example");

const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error("Expected a refusal.");
};

const changed = (path: string, value: unknown): string => {
  const copy = structuredClone(EXAMPLE) as Record<string, unknown>;
  const keys = path.split("/");
  const last = keys.pop() as string;
  const parent = keys.reduce((object, key) => object[key] as Record<string, unknown>, copy);
  parent[last] = value;
  return refusal(() => parseConfig(JSON.stringify(copy), "oncall.config.json"));
};

describe("a configuration file", () => {
  test("may be absent unless somebody asked for it", () => {
    expect(readConfigFile(undefined)).toMatchObject({ models: {}, groups: {}, commands: {}, prices: [] });
    expect(refusal(() => readConfigFile(join(folder, "none.json")))).toContain("none.json cannot be read");
  });

  test("is read from where it is said to be", () => {
    const file = join(folder, "oncall.config.json");
    writeFileSync(file, JSON.stringify(EXAMPLE));
    expect(readConfigFile(file)).toEqual(config);
  });

  test("that is no JSON is refused without quoting it", () => {
    const message = refusal(() => parseConfig('{\n"models": {} // sk-secret-key\n}', "oncall.config.json"));
    expect(message).toContain("oncall.config.json is no JSON in line 2.");
    expect(message).not.toContain("sk-secret");
  });

  test.each<[string, unknown, RegExp]>([
    ["modles", {}, /Unrecognized key: "modles"/],
    ["models/gpt/base_ulr", "https://x", /models\.gpt: Unrecognized key: "base_ulr"/],
    ["models/gpt/api_key", "sk-live", /models\.gpt: Unrecognized key: "api_key"/],
    ["models/gpt/base_url", "ftp://x", /models\.gpt\.base_url: expected an http or https address/],
    ["models/gpt/base_url", "https://user:pass@x/v1", /models\.gpt\.base_url: expected no user, password/],
    ["models/gpt/base_url", "https://x/v1?key=1", /expected no user, password, query/],
    ["models/gpt/api_key_env", "MY KEY", /models\.gpt\.api_key_env: expected the name of an environment variable/],
    ["models/gpt/temperature", 3, /models\.gpt\.temperature/],
    ["models/gpt/extra_body", { stream: true }, /models\.gpt\.extra_body: expected none of model, messages/],
    ["models/qwen/policy/min_interval_s", -1, /models\.qwen\.policy\.min_interval_s: expected seconds from 0/],
    ["models/qwen/policy/max_in_flight", 1.5, /max_in_flight: expected a whole number from 1/],
    ["models/qwen/policy/min_intervall_s", 1, /models\.qwen\.policy: Unrecognized key: "min_intervall_s"/],
    ["groups/cloud", ["gtp"], /groups\.cloud has no model "gtp". Did you mean "gpt"\?/],
    ["groups/gpt", ["gpt"], /"gpt" names a model and a group/],
    ["commands/coder/argv", [], /commands\.coder\.argv/],
    ["prices/0/input", 1.25, /prices\.0\.input/],
    ["prices/0/from", "soon", /prices\.0\.from: expected a day/],
  ])("with a wrong %s says where and what was expected", (path, value, expected) => {
    expect(changed(path, value)).toMatch(expected);
  });

  test("with several mistakes names them all", () => {
    const message = changed("models/gpt", { model: "", base_url: "x", deployment: "moon" });
    expect(message.split("\n")).toHaveLength(4);
  });
});

const names = (list: string): string[] => selectModels(config, list).map(({ name }) => name);

describe("models", () => {
  test("are chosen by name and group, each once, in the order named", () => {
    expect(names("qwen")).toEqual(["qwen"]);
    expect(names("qwen, all")).toEqual(["qwen", "gpt"]);
  });

  test.each([
    ["gtp", /Unknown model "gtp". Did you mean "gpt"\? Known: gpt, qwen, cloud, all/],
    ["__proto__", /Unknown model "__proto__"/],
    ["", /Unknown model ""/],
  ])("%j is refused with those there are", (list, message) => {
    expect(refusal(() => names(list))).toMatch(message);
  });

  test("of an empty configuration are refused with what to do", () => {
    expect(refusal(() => selectModels(parseConfig("{}", "x"), "gpt"))).toMatch(/add it to oncall\.config\.json/);
  });

  test.each([
    ["http://127.0.0.1:8080/v1", "local"],
    ["http://127.8.0.1/v1", "local"],
    ["http://localhost:1/v1", "local"],
    ["http://[::1]:1/v1", "local"],
    ["http://10.0.0.2/v1", "cloud"],
    ["https://localhost.example.com/v1", "cloud"],
  ])("at %s run in the %s", (base_url, expected) => {
    expect(deploymentOf(ModelEntry.parse({ model: "m", base_url }))).toBe(expected);
    expect(deploymentOf(ModelEntry.parse({ model: "m", base_url, deployment: "local" }))).toBe("local");
  });

  test("share a gate when origin and key are the same", () => {
    const key = new Secret("sk-0123456789");
    const one = endpointKey({ base_url: "https://h/v1" }, key);
    expect(endpointKey({ base_url: "https://h:443/v2/" }, new Secret("sk-0123456789"))).toBe(one);
    const others = [
      endpointKey({ base_url: "https://h/v1" }, null),
      endpointKey({ base_url: "https://h:444/v1" }, key),
      endpointKey({ base_url: "https://h/v1" }, new Secret("sk-other")),
    ];
    expect(new Set([one, ...others]).size).toBe(4);
    expect(one).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("a policy", () => {
  const cloud = ModelEntry.parse({ model: "m", base_url: "https://h/v1" });
  const local = ModelEntry.parse({ model: "m", base_url: "http://127.0.0.1/v1" });

  test("is the preset of the deployment", () => {
    expect(readPolicy(cloud, {})).toEqual({
      min_interval_s: 15,
      rate_limit: 5,
      rate_window_s: 60,
      breaker_threshold: 3,
      breaker_pause_s: 60,
      max_in_flight: 1,
      attempt_timeout_s: 120,
      max_retries: 5,
      max_retry_after_s: 300,
    });
    expect(readPolicy(local, {})).toMatchObject({ min_interval_s: 0, rate_limit: 0, attempt_timeout_s: 600 });
  });

  test("takes the flag before the variable, that before the model's, that before the file's", () => {
    const own = { ...cloud, policy: { min_interval_s: 3 } };
    const file = { policy: { min_interval_s: 4, max_retries: 1 } };
    const env = { ONCALL_MIN_INTERVAL: "2" };
    expect(readPolicy(cloud, file)).toMatchObject({ min_interval_s: 4, max_retries: 1 });
    expect(readPolicy(own, file)).toMatchObject({ min_interval_s: 3, max_retries: 1 });
    expect(readPolicy(own, file, { env })).toMatchObject({ min_interval_s: 2 });
    expect(readPolicy(own, file, { env, flags: { min_interval_s: "1.5" } })).toMatchObject({ min_interval_s: 1.5 });
    expect(readPolicy(own, file, { env, flags: { min_interval_s: 0 } })).toMatchObject({ min_interval_s: 0 });
  });

  test("that cannot be used is refused by the name that it was given under, all at once", () => {
    const sources = { env: { ONCALL_MAX_RETRIES: "many" }, flags: { rate_window_s: "-1" } };
    const message = refusal(() => readPolicy(cloud, {}, sources));
    expect(message).toMatch(/--rate-window: expected seconds from 0\.001 to 86400\./);
    expect(message).toMatch(/ONCALL_MAX_RETRIES: expected a whole number from 0 to 100\./);
  });

  test("has a flag, a variable and presets within its bounds for every value", () => {
    expect(policyFlags.map(({ name }) => name)).toEqual(POLICY_NAMES);
    for (const name of POLICY_NAMES) {
      const { flag, env, presets, least, most } = policySettings[name];
      expect(env).toBe(`ONCALL_${flag.slice(2).toUpperCase().replaceAll("-", "_")}`);
      for (const value of Object.values(presets)) expect(value >= least && value <= most).toBe(true);
    }
  });

  test("becomes the gate's rules in milliseconds", () => {
    expect(gateRules(readPolicy(cloud, {}))).toEqual({
      minIntervalMs: 15_000,
      rateLimit: 5,
      rateWindowMs: 60_000,
      breakerThreshold: 3,
      breakerPauseMs: 60_000,
      maxInFlight: 1,
      inFlightExpiryMs: 125_000,
      maxRetryAfterMs: 300_000,
    });
  });
});

describe("keys", () => {
  const model = { name: "gpt", entry: config.models["gpt"] as ModelEntry };
  afterEach(() => {
    delete process.env["ONCALL_TEST_KEY_A"];
    delete process.env["ONCALL_TEST_KEY_B"];
  });

  test("come from the variable that the model names", () => {
    expect(keyOf(model, { OPENAI_API_KEY: " sk-0123456789\n" })?.reveal()).toBe("sk-0123456789");
    expect(keyOf({ name: "qwen", entry: config.models["qwen"] as ModelEntry }, {})).toBeNull();
  });

  test.each([undefined, "", "  "])("that are %j are missing, by the name of their variable", (value) => {
    expect(refusal(() => keyOf(model, { OPENAI_API_KEY: value }))).toMatch(/Model "gpt" needs a key in OPENAI_API_KEY/);
  });

  test.each(["sk-01 23", "sk-öäü", "sk-\n1"])("that are none are refused and not quoted: %j", (value) => {
    const told = refusal(() => keyOf(model, { OPENAI_API_KEY: value }));
    expect(told).toMatch(/OPENAI_API_KEY holds characters that no key has/);
    expect(told).not.toContain(value);
  });

  test("of all models are known, to be kept out of what is written", () => {
    const keys = allKeys(Object.values(config.models), { OPENAI_API_KEY: "sk-0123456789", OTHER: "x" });
    expect(keys.map((key) => key.reveal())).toEqual(["sk-0123456789"]);
  });

  test("in .env do not replace those of the environment", () => {
    const file = join(folder, ".env");
    writeFileSync(file, "ONCALL_TEST_KEY_A=file\nONCALL_TEST_KEY_B=file\n");
    process.env["ONCALL_TEST_KEY_A"] = "real";
    loadKeys(file);
    loadKeys(join(folder, "none"));
    expect([process.env["ONCALL_TEST_KEY_A"], process.env["ONCALL_TEST_KEY_B"]]).toEqual(["real", "file"]);
  });

  test("and policies have their line in .env.example", () => {
    const example = readFileSync(join(import.meta.dirname, "../../../.env.example"), "utf8");
    const named = new Set([...example.matchAll(/^# ([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name));
    const missing = POLICY_NAMES.map((name) => policySettings[name].env).filter((name) => !named.has(name));
    expect(missing).toEqual([]);
    expect(named).toContain("OPENAI_API_KEY");
  });
});
