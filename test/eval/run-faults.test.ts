import { describe, expect, test } from "vitest";
import { openMemoryBackend } from "../../env/store/memory.ts";
import { faults } from "../../eval/mock-provider/faults.ts";
import { startMockProvider } from "../../eval/mock-provider/server.ts";
import { HASTY, modelsAt, planned, playedRun } from "./run-fixtures.ts";

/** What the model did, as the first step has it: scored. Null: nothing was wrong with it. All else is the provider's. */
const SCORED: Readonly<Record<string, string | null>> = {
  "context-code": "context_exceeded",
  "context-phrase": "context_exceeded",
  "context-flat": "context_exceeded",
  "filter-400": "filtered",
  "filter-403": "filtered",
  "filter-finish": "filtered",
  "billed-silence": "no_action",
  truncated: "truncated",
  "refusal-field": "refusal",
  "refusal-prose": "unparseable",
  "echo-reply": "unparseable",
  "arguments-malformed": "bad_json",
  "arguments-huge": "bad_json",
  "arguments-empty": "schema",
  "arguments-null": "schema",
  "arguments-extra": "schema",
  "arguments-proto": "schema",
  "unknown-tool": "unknown_tool",
  bom: null,
  "two-choices": null,
  "reasoning-only": null,
  "unknown-finish": null,
  "arguments-object": null,
  "namespaced-tool": null,
  "call-and-text": null,
  "function-call": null,
  "two-calls": null,
  "fifty-calls": null,
  "duplicate-ids": null,
  "missing-ids": null,
  "usage-missing": null,
  "usage-negative": null,
  "usage-fraction": null,
  "usage-text": null,
  "usage-contradiction": null,
  "other-model": null,
};

/** Those that end at a deadline, or not at all. */
const ENDLESS = /^(?:hang|drip|flood|endless)/;
/** A bad name for a model. */
const NAMES = Object.keys(faults).filter((name) => !ENDLESS.test(name) && name !== "null");
const PROFILES = ["tools", "react", "prompting"];
/** At once: more would fight for two cores. */
const AT_ONCE = 10;

describe("whatever a provider does, an episode has a definite end", () => {
  const batches = Array.from({ length: Math.ceil(NAMES.length / AT_ONCE) }, (_, i) =>
    NAMES.slice(i * AT_ONCE, (i + 1) * AT_ONCE),
  );

  test.each(batches)("%s, %s, %s and what follows", async (...names) => {
    const batch = names.filter((name) => name !== undefined);
    const providers = await Promise.all(batch.map((name) => startMockProvider({ script: [`${name}*`] })));
    const addresses = batch.map((name, i) => [name, providers[i]?.baseUrl() ?? ""] as const);
    const config = modelsAt(Object.fromEntries(addresses), {
      policy: { ...HASTY, attempt_timeout_s: 20 },
      max_output_tokens: 100,
    });
    const agents = batch.map((name, i) => `${PROFILES[i % PROFILES.length] ?? ""}:${name}`).join(",");
    const backend = openMemoryBackend();
    const store = backend.results;
    try {
      const summary = await playedRun(planned(agents, config, ["inc-117"]), config, backend, {
        rules: { episodeRetries: 0 },
      });
      expect(summary).toMatchObject({ done: batch.length, errors: 0 });
      const found = await Promise.all(
        (await store.episodes()).map(async ({ variantLabel, episodeId, scored, terminalReason }) => {
          const [first] = await store.steps(episodeId);
          const why = terminalReason === "context_exceeded" ? terminalReason : (first?.invalidReason ?? null);
          return [variantLabel.replace(/^\w+:/, ""), scored ? why : "provider"];
        }),
      );
      const expected = batch.map((name) => [name, name in SCORED ? SCORED[name] : "provider"]);
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
    } finally {
      await Promise.all(providers.map((provider) => provider.close()));
      await store.close();
    }
  });
});
