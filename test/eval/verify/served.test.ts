import { expect, test } from "vitest";
import { localClient } from "../../../env/client/local.ts";
import type { ResetOptions } from "../../../env/contract/index.ts";
import { variantId } from "../../../env/store/identity.ts";
import { openSqliteStore } from "../../../env/store/sqlite/results.ts";
import type { RunRecord, VariantIdentity } from "../../../env/store/store.ts";
import { EpisodeInPlay } from "../../../eval/served/record.ts";
import { servedRun } from "../../../eval/served/served-runs.ts";
import { specHash, suiteRecord, taskSpec } from "../../../eval/specs.ts";
import { isSound, verifyRun } from "../../../eval/verify/verify.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { taskOf } from "../../helpers.ts";
import { newDatabase } from "./played.ts";

const RUN = "20261120-120000-0001";
const STRANGER: VariantIdentity = {
  label: "stranger",
  kind: "external",
  harness: "external",
  harnessVersion: "unknown",
  assisted: false,
  sampling: {},
};

/** Plays as an outside client does, and stores it as a server does. */
async function served(actions: readonly unknown[], rewardMode: ResetOptions["reward_mode"] = "telescoped") {
  const task = taskOf("inc-117");
  const client = localClient(coreSuite);
  const options = { task_id: task.id, reward_mode: rewardMode };
  const play = new EpisodeInPlay(await client.reset({ seed: 7, options }), 1);
  let end = null;
  for (const action of actions) {
    const turn = await client.step(action);
    end = play.add({ request: null, sha256: () => "", action, truncatedBy: null, turn }, 2);
  }
  if (end === null) throw new Error("Expected actions that end the episode.");

  const database = newDatabase();
  const store = await openSqliteStore(database.file);
  const facts = { versions: { env: "1.0.0", scoring: "1.0.0" }, config: {}, gitCommit: null, gitDirty: null };
  await store.createRun(servedRun(coreSuite, facts, RUN, 1, 1), suiteRecord(coreSuite));
  const slot = { variantId: variantId(STRANGER), specHash: specHash(task), seed: 7, trial: 0, ordinal: 0 };
  const episodes = [{ slot, startedAt: 1, end }];
  await store.recordEpisodes(RUN, { variants: [STRANGER], taskSpecs: [taskSpec(coreSuite, task)], episodes });
  const verification = await verifyRun(store, (await store.run(RUN)) as RunRecord);
  await store.close();
  database.remove();
  return verification;
}

const CLOSED = ["inspect_logs(web_server)", "inspect_config(web_server)", "resolve_incident(cache, ttl)"];

test.each(["telescoped", "sparse", "potential"] as const)(
  "what an outside client played for %s rewards replays to the same, under seeds of its own",
  async (mode) => {
    const verification = await served(CLOSED, mode);
    expect(verification).toMatchObject({ replayed: 1, scored: 1, problems: [], mismatches: [] });
  },
);

test("an action that no store takes leaves its episode out of the replay, and a remark", async () => {
  const verification = await served(["\ud800", ...CLOSED]);
  expect(isSound(verification)).toBe(true);
  expect(verification).toMatchObject({
    replayed: 0,
    notes: [expect.stringContaining("1 attempts of outside clients"), expect.anything()],
  });
});
