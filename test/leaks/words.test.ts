import { describe, expect, test } from "vitest";
import type { ActionInput } from "../../env/contract/index.ts";
import { act, beginEpisode, firstObservation } from "../../env/core/episode.ts";
import type { Instance } from "../../env/core/initial.ts";
import { keysOf } from "../../env/core/services/config.ts";
import type { FixStep, Task } from "../../env/core/task.ts";
import { SERVICES } from "../../env/core/topology.ts";
import { coreSuite } from "../../tasks/index.ts";
import { secretIn } from "../env/core/visible.ts";
import { everySibling, seedOfSibling } from "../helpers.ts";
import { malformed } from "./malformed.ts";
import { policies, shownBy, textsIn } from "./policies.ts";

const tasks = coreSuite.tasks.map((task) => [task.id, task] as const);
const begin = (task: Task, seed: number) => beginEpisode(task, seed, "telescoped", 1);

describe("no string shown to an agent holds a judge's word, a task id or a difficulty", () => {
  test.for(tasks)("of %s", ([, task]) => {
    for (const policy of Object.values(policies)) {
      for (const { action, observation, text } of shownBy(task, 17, policy(task, 17))) {
        expect(secretIn(withoutOwn([...textsIn(observation), text].join("\n"), action))).toBeNull();
      }
    }
  });

  test("nor does a refusal of what is no action", () => {
    const [task] = coreSuite.tasks;
    for (const action of malformed) {
      const [, refused] = shownBy(task as Task, 3, [action]);
      expect(refused?.observation.result.status).not.toBe("closed");
      expect(secretIn(withoutOwn(refused?.observation.result.message ?? "", action))).toBeNull();
    }
  });
});

/** What an agent wrote itself it may read again. */
function withoutOwn(text: string, action: unknown): string {
  const own = textsIn(action).filter((part) => part.length > 4);
  return own.reduce((rest, part) => rest.replaceAll(part, ""), text);
}

describe("a change is confirmed in the same words, right, wrong or harmful", () => {
  test.for(everySibling.map((one) => [one.name, one] as const))("%s", ([, { task, sibling }]) => {
    const seed = seedOfSibling(task, sibling);
    const { instance } = begin(task, seed);
    const steps = [...instance.sibling.fixes, ...instance.sibling.distractors].flatMap(([first]) => changeIn(first));
    for (const action of steps) {
      const { observation } = act(begin(task, seed), action);
      const { status, message } = observation.result;
      expect(status).toBe("ok");
      expect(message).toMatch(
        action.type === "restart_service"
          ? /^(?:load_balancer|web_server|cache|database|message_queue) restarted\.$/
          : /^[a-z_]+\.[a-z0-9_]+ set to \S+, was \S+; applied on all instances\.$/,
      );
    }
  });
});

const changeIn = (step: FixStep | undefined) => (step === undefined || "wait" in step ? [] : [step]);

describe("closing says the same for right and wrong", () => {
  test.for(tasks)("%s", ([, task]) => {
    const { instance } = begin(task, 23);
    const [first, ...others] = closings(instance).map((action) => {
      const episode = begin(task, 23);
      const { observation } = act(episode, action);
      expect(episode.verdict).not.toBeNull();
      return { ...observation, last_action: null };
    });
    expect(first?.result).toEqual({ status: "closed", message: expect.any(String), data: null });
    for (const other of others) expect(other).toEqual(first);
  });
});

/** The right diagnosis, wrong ones, and handing over. */
const closings = ({ sibling }: Instance): ActionInput[] => [
  ...sibling.diagnosis.map(({ service, fault }) => ({ type: "resolve_incident" as const, service, fault })),
  { type: "resolve_incident", service: "none", fault: "no_fault" },
  { type: "resolve_incident", service: "database", fault: "noisy" },
  { type: "escalate", reason: "nobody" },
];

describe("the same invalid action gets the same sentence at every service", () => {
  const attempts: readonly ((service: string) => unknown)[] = [
    (service) => ({ type: "update_config", service, key: "zzz", value: 1 }),
    (service) => ({ type: "inspect_config", service, key: "zzz" }),
    (service) => ({ type: "update_config", service, key: "zzz" }),
    (service) => ({ type: "update_config", service, key: "zzz", value: [] }),
    (service) => ({ type: "restart_service", service, force: true }),
    (service) => `check_status(${service}`,
  ];
  test.for(tasks)("in %s", ([, task]) => {
    for (const action of attempts) {
      const sentences = SERVICES.map((service) => {
        const { message, status } = act(begin(task, 4), action(service)).observation.result;
        expect(status).toBe("invalid");
        return message.replaceAll(service, "SERVICE").replace(keysOf(service).join(", "), "KEYS");
      });
      expect(new Set(sentences).size).toBe(1);
    }
  });

  test("and in every incident: a number out of range", () => {
    for (const [service, key] of Object.entries(NUMBER_OF)) {
      const sentences = coreSuite.tasks.map((task) => {
        const { result } = act(begin(task, 9), { type: "update_config", service, key, value: -7 }).observation;
        return `${result.status}: ${result.message}`;
      });
      expect(new Set(sentences).size).toBe(1);
    }
  });
});

/** A key of each service that holds a number and is to blame somewhere. */
const NUMBER_OF = {
  load_balancer: "rate_limit_rps",
  web_server: "max_workers",
  cache: "ttl_s",
  database: "max_connections",
  message_queue: "max_in_flight",
};

test("the page names no component", () => {
  for (const task of coreSuite.tasks) {
    for (let seed = 0; seed < 5; seed += 1) {
      const { summary } = firstObservation(begin(task, seed)).alert;
      expect(summary).not.toMatch(/load.?balancer|web.?server|cache|database|broker/i);
    }
  }
});
