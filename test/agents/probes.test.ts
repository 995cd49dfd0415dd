import { describe, expect, test } from "vitest";
import type { Agent } from "../../agents/agent.ts";
import { agentKinds } from "../../agents/index.ts";
import type { AgentKind } from "../../agents/index.ts";
import { alertKey } from "../../agents/probes/knowledge.ts";
import type { Knowledge } from "../../agents/probes/knowledge.ts";
import { actionText, rngFor } from "../../env/contract/index.ts";
import type { Observation } from "../../env/contract/index.ts";
import { redNames } from "../../env/core/slo.ts";
import { initial } from "../../env/core/initial.ts";
import type { Task } from "../../env/core/task.ts";
import { answersFrom } from "../../eval/answers.ts";
import { readVariants } from "../../eval/variants.ts";
import { coreSuite } from "../../tasks/index.ts";
import { referenceFor } from "../../tasks/reference.ts";
import { played, seedOfSibling, startedEnv, taskOf } from "../helpers.ts";

const probes = agentKinds.filter(({ kind }) => kind === "probe");
/** Fewer than the harness learns on, to be quick. */
const LEARNT_SEEDS = 8;
const tell = answersFrom(coreSuite.tasks, referenceFor, LEARNT_SEEDS);
const tasks = ["inc-108", "inc-123", "inc-107", "inc-131"].map(taskOf);

function probe(name: string): AgentKind {
  const found = probes.find((kind) => kind.name === `probe:${name}`);
  if (found === undefined) throw new Error(`There is no probe ${name}.`);
  return found;
}

/** Plays a probe as the harness does, and says what it did in text form. */
async function play(kind: AgentKind, task: Task, seed: number, agent: Agent = kind.create()) {
  const { verdict, steps } = await played(task, seed, agent, tell(kind.needs, task, seed));
  return { verdict, actions: steps.map(({ action }) => String(action)), valid: steps.every((step) => step.valid) };
}

const changes = (actions: readonly string[]): string[] =>
  actions.filter((action) => /^(?:update_config|restart_service)\(/.test(action));

describe.each(probes.map((kind) => [kind.name, kind] as const))("%s", (name, kind) => {
  test("can be asked for by name", () => {
    expect(readVariants(name)).toMatchObject([{ label: name, identity: { label: name, kind: "probe" } }]);
  });

  test.for(tasks)("gives valid actions only within the budgets, on $id", async (task) => {
    const { valid, verdict } = await play(kind, task, 3);
    expect(valid).toBe(true);
    expect(verdict.ended).toMatch(name === "probe:idle" ? /^step_budget$/ : /^(?:resolved|escalated)$/);
  });

  test("does the same again, also as an agent that has played before", async () => {
    const agent = kind.create();
    for (const task of tasks) {
      expect((await play(kind, task, 5, agent)).actions).toEqual((await play(kind, task, 5)).actions);
    }
  });

  test.runIf(kind.needs !== null)("refuses to play when it is not told what it needs", () => {
    const agent = kind.create();
    agent.begin({ rng: rngFor(0, "test", 0) });
    const page: Observation = startedEnv(taskOf("inc-108"), 0).reset({ seed: 0 }).observation;
    expect(() => agent.act(page, new AbortController().signal)).toThrow(`${name} needs ${kind.needs}`);
  });
});

test("a slip in a probe's name is answered with the right one", () => {
  expect(() => readVariants("probe:idel")).toThrow('Did you mean "probe:idle"?');
});

describe("policies do what their names say", () => {
  test("idle looks at one status and changes nothing", async () => {
    const { actions } = await play(probe("idle"), taskOf("inc-108"), 0);
    expect(new Set(actions)).toEqual(new Set(["check_status(web_server)"]));
  });

  test("restarting one by one blames the service whose restart cures", async () => {
    const gone = taskOf("inc-127");
    const { verdict, actions } = await play(probe("restart-one-by-one"), gone, seedOfSibling(gone, 0));
    expect(changes(actions)).toEqual(["restart_service(cache)", "restart_service(web_server)"]);
    expect(verdict).toMatchObject({ diagnosed: true, success: false });
  });

  test("config-diff sets keys back to the factory's values, and nothing else", async () => {
    const { actions } = await play(probe("config-diff"), taskOf("inc-121"), 0);
    expect(changes(actions).length).toBeGreaterThan(0);
    expect(changes(actions).every((action) => action.startsWith("update_config("))).toBe(true);
  });

  test("the memoriser of tasks is right about the canonical sibling only", async () => {
    const task = taskOf("inc-121");
    const resolved = async (sibling: number) =>
      (await play(probe("task-memoriser"), task, seedOfSibling(task, sibling))).verdict.resolved;
    expect([await resolved(0), await resolved(1)]).toEqual([true, false]);
  });

  test("the tour looks at metrics and logs before the first change", async () => {
    const { actions } = await play(probe("tour-then-sweep"), taskOf("inc-107"), 0);
    const before = actions.slice(0, actions.indexOf(changes(actions)[0] as string));
    expect(before).toHaveLength(10);
  });

  test("who knows the answer and looks once is right without success on a page that takes more evidence", async () => {
    const { verdict, actions } = await play(probe("answer-no-verify"), taskOf("inc-108"), 0);
    expect(actions).toHaveLength(3);
    expect(verdict).toMatchObject({ resolved: true, success: false });
  });
});

describe("what the harness tells", () => {
  const task = taskOf("inc-131");
  const told = (need: keyof Knowledge, seed = 4) => tell(need, task, seed).knowledge as Partial<Knowledge>;

  test("is the one kind that is needed, as plain JSON", () => {
    for (const need of ["knownChanges", "keyTable", "alertAnswers", "taskAnswers"] as const) {
      expect(Object.keys(told(need))).toEqual([need]);
      expect(JSON.parse(JSON.stringify(told(need)))).toEqual(told(need));
    }
    expect(tell(null, task, 4)).toEqual({});
    expect(Object.keys(tell("reference", task, 4))).toEqual(["reference"]);
  });

  test("has an answer for each sibling, under the names that the seed drew", () => {
    const { names } = initial(task, 4).instance;
    const { taskAnswers = [] } = told("taskAnswers");
    expect(taskAnswers).toHaveLength(task.siblings.length);
    expect(taskAnswers[0]?.fix).toEqual([
      actionText({
        type: "update_config",
        service: "load_balancer",
        key: "tls_cert_id",
        value: names["edge_certificate.next"] as string,
      }),
    ]);
  });

  test("holds what training seeds showed for each set of red objectives", () => {
    const { alertAnswers = {} } = told("alertAnswers");
    const { redAtPage } = initial(task, 7).instance;
    const closes = alertAnswers[alertKey(redNames(redAtPage))]?.map(({ close }) => close);
    expect(closes).toContain("resolve_incident(load_balancer, credential)");
  });

  test("names a diagnosis for every key that is part of a fix, and each known change once", () => {
    const { keyTable = {} } = told("keyTable");
    expect(keyTable["cache.max_clients"]).toBe("resolve_incident(cache, limit)");
    const steps = (told("knownChanges").knownChanges ?? []).map(({ fix }) => fix[0]);
    expect(new Set(steps).size).toBe(steps.length);
  });

  test("knows nothing of tasks that were not learnt", () => {
    const { knowledge } = answersFrom([task], referenceFor)("keyTable", taskOf("inc-108"), 4);
    expect(Object.keys(knowledge?.keyTable ?? {})).toEqual([
      "load_balancer.tls_cert_id",
      "load_balancer.rate_limit_rps",
    ]);
  });
});
