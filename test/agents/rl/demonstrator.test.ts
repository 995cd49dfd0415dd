import { expect, test } from "vitest";
import type { Agent } from "../../../agents/agent.ts";
import { Demonstrator } from "../../../agents/rl/demonstrator.ts";
import { layout } from "../../../agents/rl/sight.ts";
import { localClient } from "../../../env/client/local.ts";
import { actionText } from "../../../env/contract/index.ts";
import type { Action } from "../../../env/contract/index.ts";
import { rngFor } from "../../../env/core/rng.ts";
import { vectorSpec } from "../../../env/vector/index.ts";
import { systemClock } from "../../../eval/clock.ts";
import { playEpisode } from "../../../eval/episode.ts";
import { coreSuite } from "../../../tasks/index.ts";

/** Plays these actions in turn. */
function scripted(actions: readonly unknown[]): Agent {
  let at = 0;
  return {
    begin: () => (at = 0),
    act: () => Promise.resolve({ action: actions[at++] }),
  };
}

async function demonstrated(actions: readonly unknown[]) {
  const agent = new Demonstrator(scripted(actions));
  const client = localClient(coreSuite);
  const { signal } = new AbortController();
  const context = { rng: rngFor(1, "agent", 0) };
  const { steps } = await playEpisode({
    client,
    agent,
    context,
    taskId: "inc-117",
    seed: 3,
    clock: systemClock,
    signal,
  });
  await client.close();
  const shown = agent.steps.map((step) => {
    if (step === null) return null;
    return vectorSpec.actions[layout.actionOf[step.taken] as number]?.text;
  });
  return {
    shown,
    played: steps.map(({ action }) => (typeof action === "string" ? action : actionText(action as Action))),
  };
}

test("what the table has is recorded as it is, with text and JSON alike", async () => {
  const close = "resolve_incident(database, mode)";
  const looks = ["inspect_logs(web_server)", "inspect_config(cache, ttl_s)"];
  const json = { type: "inspect_metrics", service: "cache" };
  const { shown, played } = await demonstrated([...looks, json, close]);
  expect(shown).toEqual([...looks, "inspect_metrics(cache)", close]);
  expect(played).toEqual(shown);
});

test("a value that the table lacks becomes the nearest that it has, and that is played", async () => {
  const { shown, played } = await demonstrated(["update_config(cache, ttl_s, 290)", "resolve_incident(cache, ttl)"]);
  expect(shown[0]).toBe("update_config(cache, ttl_s, 300)");
  expect(played[0]).toBe(shown[0]);
});

test("what has no like in the table is played unrecorded", async () => {
  const { shown, played } = await demonstrated(["escalate(somebody)"]);
  expect(shown).toEqual([null]);
  expect(played).toEqual(["escalate(somebody)"]);
});
