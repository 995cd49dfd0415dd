import { describe, expect, test } from "vitest";
import { agentFamilies, agentKinds } from "../../agents/index.ts";
import { VariantRecord } from "../../env/store/plan-records.ts";
import { asStored } from "../../env/store/rows.ts";
import { parseConfig } from "../../eval/provider/config.ts";
import { readVariants } from "../../eval/variants.ts";
import type { AgentSources } from "../../eval/variants.ts";

const config = parseConfig(
  JSON.stringify({
    models: {
      gpt: { model: "gpt-5", base_url: "https://api.example.test/v1", api_key_env: "KEY", provider: "Example" },
      qwen: {
        model: "Qwen",
        base_url: "http://127.0.0.1:8080/v1",
        engine_name: "mlx_lm",
        engine_version: "0.31",
        hardware: "M3 Ultra",
        model_version: "2026-04",
        quantization: "4bit",
        context_tokens: 32_768,
        temperature: 0.2,
      },
    },
    groups: { both: ["gpt", "qwen"] },
    commands: { coder: { argv: ["coder", "{prompt_file}"], version: "1.4.0", timeout_s: 60, env: ["KEY"] } },
  }),
  "test",
);

const sources = (changes: Partial<AgentSources> = {}): AgentSources => ({
  config,
  configFolder: "/etc",
  overrides: {},
  assisted: false,
  ...changes,
});
const identity = (text: string, changes: Partial<AgentSources> = {}) => readVariants(text, sources(changes))[0];
const labels = (text: string, changes: Partial<AgentSources> = {}) =>
  readVariants(text, sources(changes)).map(({ label }) => label);

describe("who plays", () => {
  test.for([
    ["random,runbook", {}, ["random", "runbook"]],
    ["tools:gpt", {}, ["tools:gpt"]],
    ["llm:gpt", {}, ["tools:gpt"]],
    ["react:both", {}, ["react:gpt", "react:qwen"]],
    ["tools,prompting", { models: "qwen" }, ["tools:qwen", "prompting:qwen"]],
    ["random,tools", { models: "both" }, ["random", "tools:gpt", "tools:qwen"]],
    ["tools:gpt", { assisted: true }, ["tools:gpt+assist"]],
    ["react", { models: "all" }, ["react:gpt", "react:qwen"]],
    ["command:coder", {}, ["command:coder"]],
    ["tools:some/model:7b", { overrides: { base_url: "http://127.0.0.1:1234/v1" } }, ["tools:some/model:7b"]],
  ] as const)("%s %j", ([text, changes, expected]) => {
    expect(labels(text, changes)).toEqual(expected);
  });

  test.for([
    ["rnadom", {}, 'Did you mean "random"?'],
    ["tools", {}, "tools needs a model"],
    ["tools:gtp", {}, 'Did you mean "gpt"?'],
    ["command:codr", {}, 'Did you mean "coder"?'],
    ["command", {}, 'Unknown agent "command"'],
    ["tools:gpt,llm:gpt", {}, '"tools:gpt" is named twice'],
    ["tools:gpt,tools", { models: "both" }, '"tools:gpt" is named twice'],
    ["random", { models: "gpt" }, "no agent asks one"],
    ["tools:gpt", { overrides: { temperature: 7 } }, "temperature"],
    ["tools:new", { overrides: { base_url: "ftp://nowhere" } }, "base_url"],
  ] as const)("%s %j is refused: %s", ([text, changes, message]) => {
    expect(() => labels(text, changes)).toThrow(message);
  });

  test("agents that ship need no configuration, and no configuration means no other agents", () => {
    expect(readVariants("random,expert").map(({ model }) => model)).toEqual([null, null]);
    expect(() => readVariants("tools:gpt")).toThrow('Unknown agent "tools:gpt"');
  });

  test("every family that is listed can be read", () => {
    const named = agentFamilies.filter(({ name }) => name !== "rl:CHECKPOINT"); // a file: test/eval/train
    const filled = named.map(({ name }) => name.replace("MODEL", "gpt").replace("NAME", "coder"));
    expect(labels(filled.join(","))).toEqual(filled);
    expect(new Set([...agentKinds, ...agentFamilies].map(({ name }) => name)).size).toBe(
      agentKinds.length + agentFamilies.length,
    );
  });
});

describe("the identity of a variant", () => {
  test("holds harness, model, engine, hardware, deployment and sampling, and fits the store", () => {
    const variant = identity("tools:qwen");
    const stored = asStored("variant", VariantRecord, { ...variant?.identity, variantId: variant?.id });
    expect(stored).toMatchObject({
      kind: "llm",
      harness: "tools",
      assisted: false,
      model: "Qwen",
      modelVersion: "2026-04",
      baseUrlHost: "127.0.0.1",
      engineName: "mlx_lm",
      engineVersion: "0.31",
      hardware: "M3 Ultra",
      quantization: "4bit",
      contextTokens: 32_768,
      deployment: "local",
      sampling: { temperature: 0.2 },
      promptSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(identity("tools:gpt")?.identity).toMatchObject({ deployment: "cloud", provider: "Example", sampling: {} });
  });

  test("of a program is its name, its version and how it is started", () => {
    const variant = identity("command:coder", { commandTimeoutS: 5 });
    expect(variant?.identity).toMatchObject({
      kind: "command",
      harness: "coder",
      harnessVersion: "1.4.0",
      sampling: { argv: ["coder", "{prompt_file}"], timeout_s: 5 },
    });
  });

  test.for([
    ["profile", "react:qwen", {}],
    ["model", "tools:gpt", {}],
    ["assistance", "tools:qwen", { assisted: true }],
    ["hardware", "tools:qwen", { overrides: { hardware: "a toaster" } }],
    ["engine version", "tools:qwen", { overrides: { engine_version: "0.32" } }],
    ["sampling", "tools:qwen", { overrides: { temperature: 0.3 } }],
    ["longest reply", "tools:qwen", { overrides: { max_output_tokens: 100 } }],
  ] as const)("differs with the %s", ([, text, changes]) => {
    expect(identity(text, changes)?.id).not.toBe(identity("tools:qwen")?.id);
  });

  test("is the same on any port", () => {
    const [a, b] = [1, 2].map((port) => ({ overrides: { base_url: `http://127.0.0.1:${port}/v1` } }));
    expect(identity("tools:qwen", a)?.id).toBe(identity("tools:qwen", b)?.id);
  });
});
