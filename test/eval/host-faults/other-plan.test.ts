import { writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Suite } from "../../../env/core/task.ts";
import type { MockProvider } from "../../../eval/mock-provider/server.ts";
import type { Wiring } from "../../../eval/cli/wiring.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { storedIn } from "../../torture/kill/stored.ts";
import { oncall } from "./child.ts";
import { dump } from "./dump.ts";
import { here } from "./here.ts";
import { oneModel, places, providers } from "./place.ts";
import type { Place } from "./place.ts";

const newPlace = places();
const newProvider = providers();

let provider: MockProvider;
let place: Place;

/** A run of four episodes of which one is played, and a budget stopped the rest. */
beforeAll(async () => {
  provider = await newProvider();
  place = await stoppedRun();
});

async function stoppedRun(): Promise<Place> {
  const made = newPlace(oneModel(provider.baseUrl()));
  const play = ["--agents", "tools:model", "--task-ids", "inc-101,inc-117", "--trials", "2", "--seed", "3"];
  expect((await here(["run", ...play, "--max-calls", "1", ...made.flags])).code).toBe(6);
  return made;
}

/** The configuration with something changed of its model. */
function configured(change: object): string {
  const file = `${place.folder}/changed-${Math.random().toString(36).slice(2)}.json`;
  const { models } = oneModel(provider.baseUrl()) as { models: { model: object } };
  writeFileSync(file, JSON.stringify({ models: { model: { ...models.model, ...change } } }));
  return file;
}

const edited: Suite = {
  ...coreSuite,
  tasks: coreSuite.tasks.map((task) => (task.id === "inc-117" ? { ...task, load_jitter: 0.031 } : task)),
};
const newer: Suite = { ...coreSuite, version: "1.0.1" };

interface Change {
  /** What has changed since the run was planned. */
  readonly what: string;
  readonly flags: () => readonly string[];
  readonly wiring?: Partial<Wiring>;
  /** What the difference is to name, as stored -> as it is now. */
  readonly differs: RegExp;
}

const flag = (what: string, flags: readonly string[], differs: RegExp): Change => ({
  what,
  flags: () => flags,
  differs,
});
const model = (what: string, change: object, differs: RegExp): Change => ({
  what,
  flags: () => ["--config", configured(change)],
  differs,
});

const CHANGES: readonly Change[] = [
  flag("the seed", ["--seed", "4"], /base_seed: 3 -> 4/),
  flag("the trials", ["--trials", "3"], /agents\.tools:model\.plays: 2 x .* -> 3 x /),
  flag("the tasks", ["--task-ids", "inc-117"], /agents\.tools:model\.plays: 2 x inc-101, inc-117 -> 2 x inc-117/),
  flag(
    "the agents",
    ["--agents", "react:model"],
    /agents\.tools:model: .* -> nothing\n.*agents\.react:model: nothing -> /,
  ),
  flag("the length of episodes", ["--max-episode-tokens", "5000"], /max_episode_tokens: nothing -> 5000/),
  flag("the salt", ["--salt", "pepper"], /salt_sha256: nothing -> [0-9a-f]{12}/),
  flag("help with replies", ["--assist"], /agents\.tools:model\S*assist\S*: nothing -> an agent/),
  flag("the temperature", ["--temperature", "0.5"], /sampling.*: .*0\.5/),
  flag("the model's version", ["--model-version", "v2"], /modelVersion: nothing -> v2/),
  flag("the address", ["--base-url", "http://localhost:9/v1"], /baseUrlHost: 127\.0\.0\.1.* -> localhost/),
  model("the model behind the name", { model: "another" }, /model: mock -> another/),
  model("the quantization", { quantization: "int4" }, /quantization: nothing -> int4/),
  {
    what: "a frozen definition",
    flags: () => [],
    wiring: { suite: edited },
    differs: /manifest_sha256: \w{12} -> \w{12}/,
  },
  { what: "the suite", flags: () => [], wiring: { suite: newer }, differs: /suite: core@1\.0\.0 -> core@1\.0\.1/ },
];

describe("a run is never gone on with as something else", () => {
  test.for(CHANGES.map((change) => [change.what, change] as const))(
    "%s: refused with what differs, and nothing has changed",
    async ([, { flags, wiring, differs }]) => {
      const before = dump(place.db);
      const sent = provider.journal.entries.length;
      const { error } = await here(["run", "--resume", ...place.flags, ...flags()], wiring);
      expect(error).toMatchObject({ name: "UsageError", message: expect.stringMatching(differs) });
      expect(error).toMatchObject({ hint: expect.stringContaining("--amend") });
      expect(dump(place.db)).toEqual(before);
      expect(provider.journal.entries).toHaveLength(sent);
    },
  );

  test("a model that is in the configuration no more is named", async () => {
    const before = dump(place.db);
    const file = `${place.folder}/empty.json`;
    writeFileSync(file, "{}");
    const { error } = await here(["resume", ...place.flags, "--config", file]);
    expect(error).toMatchObject({ name: "UsageError", message: expect.stringContaining('"model"') });
    expect(dump(place.db)).toEqual(before);
  });

  test("as a command: exit code 2, the difference on stderr, no stack", { timeout: 120_000 }, async () => {
    const before = dump(place.db);
    const done = await oncall(["run", "--resume", "--seed", "4", ...place.flags]).ended;
    expect(done).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("base_seed: 3 -> 4") });
    expect(done.stderr).not.toContain("    at ");
    expect(dump(place.db)).toEqual(before);
  });
});

test("how providers are treated may change between two sittings, which is noted", async () => {
  const own = await stoppedRun();
  expect(await here(["resume", ...own.flags, "--max-retries", "2"])).toMatchObject({ code: 0, error: null });
  const events = dump(own.db)["run_event"] ?? [];
  expect(events.map(({ type }) => type)).toContain("policy_changed");
});

/** What a slot is, whatever has come of it. */
const identity = ({ slot_id, variant_id, spec_hash, seed, trial, ordinal }: Readonly<Record<string, unknown>>) => ({
  slot_id,
  variant_id,
  spec_hash,
  seed,
  trial,
  ordinal,
});

test("--amend adds agents, tasks and trials, and leaves every slot that was there as it was", async () => {
  const own = await stoppedRun();
  const before = dump(own.db);
  const slots = before["slot"] ?? [];
  const steps = before["step"] ?? [];
  expect(slots).toHaveLength(4);
  const add = (...flags: readonly string[]) =>
    here(["run", "--resume", String(slots[0]?.["run_id"]), "--amend", ...flags, ...own.flags]);

  const additions = [
    { flags: ["--agents", "random"], planned: 8 },
    { flags: ["--agents", "tools:model", "--trials", "3"], planned: 10 },
    { flags: ["--task-ids", "inc-123", "--trials", "1"], planned: 12 },
  ];
  for (const { flags, planned } of additions) {
    expect(await add(...flags)).toMatchObject({ code: 0, error: null });
    const after = dump(own.db)["slot"] ?? [];
    expect(after.slice(0, slots.length).map(identity)).toEqual(slots.map(identity));
    expect(after).toHaveLength(planned);
    expect(new Set(after.map(({ ordinal }) => ordinal)).size).toBe(planned);
  }
  const played = slots.filter(({ state }) => state === "scored");
  expect(played).toHaveLength(1);
  const after = dump(own.db);
  expect(after["slot"]).toEqual(expect.arrayContaining(played));
  expect(after["step"]?.slice(0, steps.length)).toEqual(steps);
  expect((await storedIn(own.db)).status).toBe("complete");

  const { error } = await add("--seed", "5");
  expect(error).toMatchObject({ name: "UsageError", message: expect.stringContaining("--seed") });
  expect(dump(own.db)).toEqual(after);
});
