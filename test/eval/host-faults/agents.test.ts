import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Agent, Turn } from "../../../agents/agent.ts";
import type { EnvClient } from "../../../env/client/client.ts";
import { localClient } from "../../../env/client/local.ts";
import { openMemoryBackend } from "../../../env/store/memory.ts";
import type { RunDeps } from "../../../eval/run.ts";
import { Stops } from "../../../eval/stops.ts";
import { readVariants } from "../../../eval/variants.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { storedIn } from "../../torture/kill/stored.ts";
import { programFolder } from "../../agents/command/fixtures.ts";
import { VirtualClock } from "../provider/virtual-clock.ts";
import { planned } from "../run-fixtures.ts";
import { here } from "./here.ts";
import { places } from "./place.ts";
import { isAlive } from "./processes.ts";
import { sitVirtually } from "./virtual-run.ts";
import { modelsFor } from "./waits.ts";

const newPlace = places();
const NOTHING = modelsFor("http://127.0.0.1:9/v1", {});
const LOOK: Turn = { action: "check_status(cache)" };
const TASKS = ["inc-101", "inc-117", "inc-123"];

/** An agent that does as told at its third turn, and looks about before. */
const atThirdTurn = (act: (signal: AbortSignal) => Promise<Turn>): (() => Agent) => {
  return () => {
    let turns = 0;
    return {
      begin: () => {},
      act: (_, signal) => {
        turns += 1;
        return turns === 3 ? act(signal) : Promise.resolve(LOOK);
      },
    };
  };
};

const never = (): Promise<never> => new Promise(() => {});

/** A run of the runbook beside an agent of the test, by a clock that does not make anybody wait. */
async function playedBy(create: () => Agent, { stops, deps }: { stops?: Stops; deps?: Partial<RunDeps> } = {}) {
  const variants = readVariants("random,runbook").map((variant) =>
    variant.label === "random" ? { ...variant, agent: { ...variant.agent, create } } : variant,
  );
  const backend = openMemoryBackend();
  const clock = new VirtualClock();
  const plan = planned("random", NOTHING, TASKS, { variants });
  const summary = await sitVirtually({
    plan,
    config: NOTHING,
    backend,
    clock,
    ...(stops === undefined ? {} : { stops }),
    ...(deps === undefined ? {} : { deps }),
  });
  const episodes = await backend.results.episodes();
  const steps = await Promise.all(episodes.map(({ episodeId }) => backend.results.steps(episodeId)));
  await backend.close();
  const of = (label: string) => episodes.filter(({ variantLabel }) => variantLabel === label);
  return { summary, clock, own: of("random"), runbook: of("runbook"), steps: steps.map(({ length }) => length) };
}

const QUARTER_HOUR = 15 * 60_000;

describe("an agent", () => {
  test.for([
    ["throws", () => Promise.reject(new Error("fell over")), "fell over"],
    ["throws what is no error", () => Promise.reject(undefined as unknown as Error), "undefined"],
    ["throws half a character", () => Promise.reject(new Error("\ud800")), "\ufffd"],
    ["gives no turn but nothing", () => Promise.resolve(undefined as unknown as Turn), "undefined"],
    ["never returns", never, "The agent gave no turn in 900 s of working time."],
  ] as const)(
    "that %s: our error, unscored, with what was played before; all else is played",
    async ([, act, detail]) => {
      const { summary, own, runbook, clock } = await playedBy(atThirdTurn(act));
      expect(summary).toMatchObject({ status: "failed", errors: 3, done: 6, planned: 6 });
      expect(own).toHaveLength(3);
      for (const episode of own) {
        expect(episode).toMatchObject({ outcome: "harness_error", scored: false, score: null, steps: 2 });
        expect(episode.errorDetail).toContain(detail);
      }
      expect(runbook.every(({ scored }) => scored)).toBe(true);
      expect(clock.monotonic()).toBe(act === never ? 3 * QUARTER_HOUR : 0);
    },
  );

  test("that never returns and heeds nothing does not hold up a run that is cut", async () => {
    const stops = new Stops();
    const { summary, own, clock } = await playedBy(
      atThirdTurn(() => {
        stops.ask("now", "a test");
        return never();
      }),
      { stops },
    );
    expect(summary).toMatchObject({ status: "paused", errors: 0 });
    expect(own).toMatchObject([{ outcome: "cancelled", steps: 2 }]);
    expect(clock.monotonic()).toBeLessThan(10_000);
  });
});

/** Environments of which the n-th step of the first goes wrong; how many were opened, and how many are left. */
function environments(failure: () => Promise<never>) {
  const count = { opened: 0, open: 0 };
  const connect = async (): Promise<EnvClient> => {
    const client = localClient(coreSuite);
    count.opened += 1;
    count.open += 1;
    const isBroken = count.opened === 1;
    let steps = 0;
    return {
      reset: (request) => client.reset(request),
      state: () => client.state(),
      step: (action) => {
        steps += 1;
        return isBroken && steps === 3 ? failure() : client.step(action);
      },
      close: () => {
        count.open -= 1;
        return client.close();
      },
    };
  };
  return { count, connect };
}

const looking = (): Agent => ({ begin: () => {}, act: () => Promise.resolve(LOOK) });

describe("an environment", () => {
  test.for([
    ["throws", () => Promise.reject(new Error("connection reset")), "connection reset"],
    ["never answers", never, "The agent gave no turn in 900 s"],
  ] as const)("that %s costs one episode, and is not used again", async ([, failure, detail]) => {
    const { count, connect } = environments(failure);
    const { summary, own, runbook } = await playedBy(looking, { deps: { connect } });
    expect(summary).toMatchObject({ status: "failed", errors: 1, done: 6 });
    const spoilt = [...own, ...runbook].filter(({ scored }) => !scored);
    expect(spoilt).toMatchObject([
      { outcome: "harness_error", steps: 2, errorDetail: expect.stringContaining(detail) },
    ]);
    expect(count).toEqual({ opened: 2, open: 0 });
  });

  test("that never answers does not hold up a run that is cut", async () => {
    const stops = new Stops();
    const { connect, count } = environments(() => {
      stops.ask("now", "a test");
      return never();
    });
    const { summary, clock } = await playedBy(looking, { stops, deps: { connect } });
    expect(summary).toMatchObject({ status: "paused", errors: 0 });
    expect(clock.monotonic()).toBeLessThan(10_000);
    expect(count.open).toBe(0);
  });
});

describe("a program", () => {
  const programs = programFolder();
  afterAll(programs.dispose);

  test("that forks and hangs past its time is scored, and nothing of it is left", async () => {
    const argv = programs.write(`
      process.on("SIGTERM", () => {});
      const child = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"], { stdio: "inherit" });
      writeFileSync(process.env.PIDS_IN + "/pids", JSON.stringify([process.pid, child.pid]));
      await step("check_status(cache)");
      await wait(600_000);
    `);
    const entry = { argv, version: "1", env: ["PIDS_IN"], timeout_s: 2 };
    const place = newPlace({ commands: { hanging: entry } });
    process.env["PIDS_IN"] = place.folder;
    const done = await here(["run", "--agents", "command:hanging", "--task-ids", "inc-117", ...place.flags]);
    delete process.env["PIDS_IN"];
    expect(done).toMatchObject({ code: 0, error: null });
    const { episodes } = await storedIn(place.db);
    expect(episodes).toMatchObject([{ scored: true, terminalReason: "time_limit", steps: 1 }]);
    const file = join(place.folder, "pids");
    expect(existsSync(file)).toBe(true);
    expect((JSON.parse(readFileSync(file, "utf8")) as number[]).map(isAlive)).toEqual([false, false]);
  });
});
