import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { configKeys } from "../../../env/contract/config-keys.ts";
import { catalogue } from "../../../env/core/actions/index.ts";
import { parseAction } from "../../../env/core/actions/parse.ts";
import { actionText } from "../../../env/core/actions/text.ts";
import { act, beginEpisode, firstObservation } from "../../../env/core/episode.ts";
import { rngFor } from "../../../env/core/rng.ts";
import { SERVICES } from "../../../env/core/topology.ts";
import { FULL_MASK, Mask } from "../../../env/vector/actions/mask.ts";
import { ShownValues } from "../../../env/vector/actions/references.ts";
import { actionJson, ACTIONS } from "../../../env/vector/actions/table.ts";
import { LISTED_NAMES } from "../../../env/vector/actions/values.ts";
import { Observer } from "../../../env/vector/features/observer.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { allowedAction, allows } from "./policy.ts";

const tasks = fc.constantFrom(...coreSuite.tasks);
const seeds = fc.nat(999_999);

describe("the table of discrete actions", () => {
  test("holds every action type, every pair of service and fault, and each action once", () => {
    expect(new Set(ACTIONS.map(({ type }) => type))).toEqual(new Set(catalogue.map(({ type }) => type)));
    expect(ACTIONS.filter(({ type }) => type === "resolve_incident")).toHaveLength(7 * 23);
    expect(new Set(ACTIONS.map(({ text }) => text)).size).toBe(ACTIONS.length);
    expect(ACTIONS.map(({ index }) => index)).toEqual(ACTIONS.map((_, i) => i));
  });

  test("changes every key that can be set, and no other", () => {
    for (const service of SERVICES) {
      for (const [key, { readOnly }] of Object.entries(configKeys[service])) {
        const found = ACTIONS.filter(({ fields }) => fields.type === "update_config" && fields.key === key);
        expect([key, found.some(({ fields }) => fields.service === service)]).toEqual([key, readOnly !== true]);
      }
    }
  });

  test("is read back from its text and from its JSON, where nothing has to be shown first", () => {
    const nothing = new ShownValues();
    for (const action of ACTIONS.filter(({ open }) => open === null)) {
      const parsed = parseAction(actionJson(action, nothing));
      expect(parsed.ok && actionText(parsed.action)).toBe(action.text);
      expect(parseAction(action.text)).toEqual(parsed);
    }
  });

  test("without what it refers to an action lacks an argument, and is invalid", () => {
    const nothing = new ShownValues();
    const open = ACTIONS.filter((action) => action.open !== null);
    expect(open.length).toBeGreaterThan(60);
    for (const action of open) expect(parseAction(actionJson(action, nothing)).ok).toBe(false);
  });

  test("names as many of an inventory as any holds", () => {
    for (const task of coreSuite.tasks) {
      const episode = beginEpisode(task, 3, "sparse", 1);
      const lengths = SERVICES.flatMap((service) => {
        const { data } = act(episode, { type: "inspect_config", service }).observation.result;
        const named = data?.kind === "config" ? data.keys.filter(({ unit }) => /certificate|release/.test(unit)) : [];
        return named.map(({ range }) => range.split("|").length);
      });
      expect(lengths).toEqual([LISTED_NAMES, LISTED_NAMES, LISTED_NAMES]);
    }
  });
});

describe("masks", () => {
  test("leave out exactly what the environment would call invalid", () => {
    fc.assert(
      fc.property(tasks, seeds, (task, seed) => {
        const rng = rngFor(seed, "masks", 0);
        const script: unknown[] = [];
        for (;;) {
          const { episode, observer, changesLeft } = replay(task, seed, script);
          if (episode.verdict !== null) break;
          const mask = new Mask().bytes(observer.shown, changesLeft);
          const probe = ACTIONS[Math.floor(rng() * ACTIONS.length)] as (typeof ACTIONS)[number];
          const { status, message } = act(episode, actionJson(probe, observer.shown)).observation.result;
          expect([probe.text, allows(mask, 0, probe.index), message]).toEqual([
            probe.text,
            status !== "invalid",
            message,
          ]);
          script.push(actionJson(ACTIONS[allowedAction(rng, mask, 0)] as (typeof ACTIONS)[number], observer.shown));
        }
      }),
      { numRuns: 25 },
    );
  });

  test("are never empty, allow everything in the end, and set no bit behind the last action", () => {
    const nothing = new ShownValues();
    const looksAndCloses = ACTIONS.filter(({ kind, open }) => kind !== "remediate" && open === null);
    expect(allowedIn(new Mask().bytes(nothing, 0))).toBe(looksAndCloses.length);
    expect(allowedIn(new Mask().bytes(nothing, 1))).toBe(ACTIONS.filter(({ open }) => open === null).length);
    expect(allowedIn(FULL_MASK)).toBe(ACTIONS.length);
  });
});

/** Number of actions that a mask allows. */
const allowedIn = (mask: Uint8Array): number =>
  mask.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);

/** An episode after some actions, with what was shown of it. */
function replay(task: (typeof coreSuite.tasks)[number], seed: number, script: readonly unknown[]) {
  const episode = beginEpisode(task, seed, "sparse", 1);
  const observer = new Observer();
  let observation = firstObservation(episode);
  observer.begin(observation);
  for (const action of script) {
    ({ observation } = act(episode, action));
    observer.see(observation);
  }
  return { episode, observer, changesLeft: observation.changes_left };
}
