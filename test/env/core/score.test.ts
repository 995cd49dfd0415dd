import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { act, beginEpisode } from "../../../env/core/episode.ts";
import { initial } from "../../../env/core/initial.ts";
import type { Instance } from "../../../env/core/initial.ts";
import type { Judgement } from "../../../env/core/judge.ts";
import { scoreEpisode, UNITS } from "../../../env/core/score.ts";
import { SLO_COUNT } from "../../../env/core/slo.ts";
import { newTrack } from "../../../env/core/track.ts";
import type { AppliedChange, Track } from "../../../env/core/track.ts";
import { seedOfSibling, startedEnv, taskOf } from "../../helpers.ts";

const of = (id: string, sibling: number): Instance => initial(taskOf(id), 1, sibling).instance;
/** One of each kind of answer. */
const instances = { fix: of("inc-117", 0), noFault: of("inc-123", 0), escalate: of("inc-107", 0) };

const change = (right: boolean): AppliedChange => ({
  step: 3,
  tick: 4,
  action: { type: "restart_service", service: "cache" },
  right,
  distractor: false,
  leftBreach: false,
  sheds: false,
});

/** What the score is a function of. */
interface Played {
  readonly instance: Instance;
  readonly track: Track;
  readonly judgement: Judgement;
}

const units = ({ instance, track, judgement }: Played): number => scoreEpisode(instance, track, judgement).units;

/** An episode that went as well as it can; tests make it worse. */
function perfect(instance: Instance): Played {
  const { diagnosis, answer, needed } = instance.sibling;
  const { service, fault } = diagnosis[0] as Instance["sibling"]["diagnosis"][number];
  const track = newTrack(needed.length, SLO_COUNT, []);
  track.seenBeforeChange = needed.map((_, i) => i + 1);
  track.looksBeforeChange = needed.length;
  track.changes = answer === "fix" ? [change(true)] : [];
  track.closeTick = 0;
  track.closing =
    typeof answer === "object"
      ? { type: "escalate", reason: `${instance.names[`provider.${answer.escalate}`]} is down` }
      : { type: "resolve_incident", service, fault };
  const judgement = { red: 0, guards: [], replaySurvived: null, collateral: 0, harmful: [], greenSince: 0 };
  return { instance, track, judgement };
}

const withTrack = (played: Played, changes: Partial<Track>): Played => ({
  ...played,
  track: { ...played.track, ...changes },
});

/** Any episode that could be scored, good or bad. */
const anyPlayed: fc.Arbitrary<Played> = fc
  .record({
    instance: fc.constantFrom(...Object.values(instances)),
    seen: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    extraLooks: fc.nat({ max: 12 }),
    changes: fc.array(fc.boolean(), { maxLength: 4 }),
    redTicks: fc.array(fc.constantFrom(0, 1, 3), { maxLength: 70 }),
    invalid: fc.nat({ max: 6 }),
    red: fc.constantFrom(0, 0, 1, 4, 127),
    guards: fc.constantFrom([], ["release_leaks"]),
    replaySurvived: fc.constantFrom(null, true, false),
    collateral: fc.nat({ max: 60 }),
    close: fc.constantFrom("right", "wrong", "service", "escalate", "none", null),
  })
  .map(({ instance, seen, extraLooks, changes, redTicks, invalid, close, ...judged }) => {
    const base = perfect(instance);
    const seenBeforeChange = base.track.seenBeforeChange.map((step, i) => (seen[i] === true ? step : 0));
    const { service } = instance.sibling.diagnosis[0] as Instance["sibling"]["diagnosis"][number];
    const closings: Readonly<Record<string, Track["closing"]>> = {
      right: base.track.closing,
      wrong: { type: "resolve_incident", service: "cache", fault: "noisy" },
      service: { type: "resolve_incident", service, fault: "noisy" },
      escalate: { type: "escalate", reason: "somebody else" },
      none: { type: "resolve_incident", service: "none", fault: "no_fault" },
    };
    return {
      instance,
      track: {
        ...base.track,
        seenBeforeChange,
        looksBeforeChange: seenBeforeChange.filter((step) => step > 0).length + extraLooks,
        changes: changes.map(change),
        redTicks,
        closeTick: redTicks.length,
        invalid,
        closing: close === null ? null : (closings[close] as Track["closing"]),
      },
      judgement: { ...base.judgement, ...judged },
    };
  });

const RUNS = { numRuns: 400 };

describe("the score", () => {
  test("is in [0, 1], and its points sum to it", () => {
    fc.assert(
      fc.property(anyPlayed, (played) => {
        const { points, units: total } = scoreEpisode(played.instance, played.track, played.judgement);
        expect(total >= 0 && total <= UNITS && Number.isInteger(total)).toBe(true);
        expect(Object.values(points).reduce((sum, value) => sum + value, 0)).toBe(total);
      }),
      RUNS,
    );
  });

  const worse: Readonly<Record<string, (played: Played) => Played>> = {
    "one more wrong change": (played) => withTrack(played, { changes: [...played.track.changes, change(false)] }),
    "one more invalid action": (played) => withTrack(played, { invalid: played.track.invalid + 1 }),
    "one more bad tick": (played) =>
      withTrack(played, { redTicks: [1, ...played.track.redTicks], closeTick: played.track.closeTick + 1 }),
    "more collateral": (played) => ({
      ...played,
      judgement: { ...played.judgement, collateral: played.judgement.collateral + 1 },
    }),
    "one more look that shows nothing": (played) =>
      withTrack(played, { looksBeforeChange: played.track.looksBeforeChange + 1 }),
    "one more failing guard": (played) => ({
      ...played,
      judgement: { ...played.judgement, guards: [...played.judgement.guards, "index_invalid"] },
    }),
  };

  test.for(Object.entries(worse))("is never raised by %s", ([, spoil]) => {
    fc.assert(
      fc.property(anyPlayed, (played) => {
        expect(units(spoil(played))).toBeLessThanOrEqual(units(played));
      }),
      RUNS,
    );
  });

  test("is never lowered by evidence that the same looks showed as well", () => {
    fc.assert(
      fc.property(anyPlayed, fc.nat({ max: 3 }), (played, which) => {
        const before = played.track.seenBeforeChange;
        const seenBeforeChange = before.map((step, i) => (i === which % before.length ? 1 : step));
        const looks = Math.max(played.track.looksBeforeChange, seenBeforeChange.filter((step) => step > 0).length);
        const less = withTrack(played, { looksBeforeChange: looks });
        expect(units(withTrack(less, { seenBeforeChange }))).toBeGreaterThanOrEqual(units(less));
      }),
      RUNS,
    );
  });

  test("does not see what was only seen after the first change", () => {
    fc.assert(
      fc.property(anyPlayed, (played) => {
        const later = withTrack(played, { seenEver: played.track.seenEver.map(() => 9), firstSeenTick: 40 });
        expect(units(later)).toBe(units(played));
      }),
    );
  });

  test("does not see in which order one looked", () => {
    const task = taskOf("inc-117");
    const looks = [
      "inspect_logs(database)",
      "inspect_metrics(database)",
      "inspect_config(database)",
      "check_status(cache)",
    ];
    const scores = [looks, looks.toReversed(), [...looks.slice(2), ...looks.slice(0, 2)]].map((order) => {
      const episode = beginEpisode(task, seedOfSibling(task, 0), "telescoped", 0.99);
      for (const action of [...order, "update_config(database, read_only, false)"]) act(episode, action);
      for (let i = 0; i < 3; i += 1) act(episode, "check_status(web_server)");
      return act(episode, "resolve_incident(database, mode)").info.episode?.score;
    });
    expect(new Set(scores).size).toBe(1);
    expect(scores[0]).toBeGreaterThan(0.9);
  });
});

describe("the weights", () => {
  const { fix, noFault, escalate } = instances;

  test.for(Object.entries(instances))("give 1 to a perfect answer: %s", ([, instance]) => {
    expect(units(perfect(instance))).toBe(UNITS);
  });

  test.for([
    [
      "an unseen cause",
      withTrack(perfect(fix), { seenBeforeChange: perfect(fix).track.seenBeforeChange.map(() => 0) }),
      425_000,
    ],
    ["half a minute of failure", withTrack(perfect(fix), { redTicks: [1, 1], closeTick: 2 }), 996_667],
    ["a wrong change on the way", withTrack(perfect(fix), { changes: [change(false), change(true)] }), 916_000],
    ["two invalid actions", withTrack(perfect(fix), { invalid: 2 }), 960_000],
    [
      "the right service, the wrong fault",
      withTrack(perfect(fix), { closing: { type: "resolve_incident", service: "database", fault: "disk" } }),
      900_000,
    ],
    [
      "a lucky cure",
      withTrack(perfect(fix), { closing: { type: "resolve_incident", service: "cache", fault: "disk" } }),
      505_000,
    ],
    [
      "a guard that fails",
      { ...perfect(fix), judgement: { ...perfect(fix).judgement, guards: ["index_invalid"] } },
      900_000,
    ],
    [
      "a trigger that strikes again",
      { ...perfect(fix), judgement: { ...perfect(fix).judgement, replaySurvived: false } },
      900_000,
    ],
    ["no cure", { ...perfect(fix), judgement: { ...perfect(fix).judgement, red: fix.redAtPage } }, 350_000],
    [
      "no cure and a wrong change",
      {
        ...withTrack(perfect(fix), { changes: [change(false)] }),
        judgement: { ...perfect(fix).judgement, red: fix.redAtPage },
      },
      300_000,
    ],
    [
      "escalating what can be cured",
      withTrack(perfect(fix), { closing: { type: "escalate", reason: "help" } }),
      100_000,
    ],
    ["a change where nothing is broken", withTrack(perfect(noFault), { changes: [change(false)] }), 300_000],
    ["a false alarm dismissed unseen", withTrack(perfect(noFault), { seenBeforeChange: [1, 2, 0] }), 350_000],
    [
      "a false alarm escalated",
      withTrack(perfect(noFault), { closing: { type: "escalate", reason: "help" } }),
      100_000,
    ],
    [
      "the right close without the name",
      withTrack(perfect(escalate), { closing: { type: "escalate", reason: "someone" } }),
      900_000,
    ],
    [
      "knowing that it lies outside, and keeping it",
      withTrack(perfect(escalate), { closing: { type: "resolve_incident", service: "external", fault: "dependency" } }),
      350_000,
    ],
  ] as const)("%s", ([, played, wanted]) => {
    expect(units(played)).toBe(wanted);
  });

  test("a reason that names every provider names none", () => {
    const all = Object.entries(escalate.names).filter(([role]) => role.startsWith("provider."));
    const reason = all.map(([, name]) => name).join(" or ");
    expect(units(withTrack(perfect(escalate), { closing: { type: "escalate", reason } }))).toBe(900_000);
  });
});

test("an episode whose steps are used up is judged like any other, without a diagnosis", () => {
  const task = taskOf("inc-117");
  const env = startedEnv(task, seedOfSibling(task, 0));
  env.step("inspect_logs(database)");
  env.step("update_config(database, read_only, false)");
  let last = env.step("check_status(cache)");
  while (!last.truncated) last = env.step("check_status(cache)");
  expect(last.info.episode).toMatchObject({ ended: "step_budget", diagnosed: false, mitigated: true, success: false });
});
