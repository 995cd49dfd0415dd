import { describe, expect, onTestFinished, test } from "vitest";
import type { EnvClient } from "../../env/client/client.ts";
import { localClient } from "../../env/client/local.ts";
import { connectSocket } from "../../env/client/socket.ts";
import { readConfig } from "../../env/server/config.ts";
import { serve } from "../../env/server/server.ts";
import type { Suite } from "../../env/core/task.ts";
import { openSocket, reset, step } from "../env/server/fixtures.ts";
import { CANARY_SEED, plantCanaries } from "./canary-tasks.ts";
import { encodingsOf, finder } from "./encodings.ts";
import { malformed } from "./malformed.ts";
import { policies } from "./policies.ts";

const { suite, control, hidden } = plantCanaries();
/** What no agent may read. */
const onAgentPlane = finder([...control, ...hidden, `${CANARY_SEED}`]);
/** What nobody may read before the end. */
const beforeTheEnd = finder(hidden);

const planted = async (): Promise<string> => {
  const server = await serve({ suite, config: readConfig({ flags: { port: 0, logLevel: "silent" } }) });
  onTestFinished(() => server.close());
  return server.url;
};

const doors: Readonly<Record<string, (of: Suite) => Promise<EnvClient>>> = {
  "in this process": async (of) => localClient(of),
  "over a socket": async () => connectSocket(await planted()),
};

describe.for(Object.entries(doors))("%s", ([, open]) => {
  test("no canary reaches an agent, whatever it does, before, in and after an episode", async () => {
    const client = await open(suite);
    onTestFinished(() => client.close());
    const found: string[] = [];
    const replies: number[] = [];
    const scan = (find: (text: string) => string[], reply: unknown) => {
      replies.push(1);
      found.push(...find(JSON.stringify(reply)).map((secret) => `${secret} in ${JSON.stringify(reply)}`));
    };
    const refused = async (action: unknown) => {
      const error = await client.step(action).then(
        () => "taken",
        (cause: Error) => cause.message,
      );
      expect(error).not.toBe("taken");
      scan(onAgentPlane, error);
    };

    await refused("check_status(cache)");
    for (const [i, task] of suite.tasks.entries()) {
      const policy = Object.values(policies)[i % 3];
      const first = (5 * i) % malformed.length;
      const actions = [...malformed.slice(first, first + 5), ...(policy?.(task, CANARY_SEED) ?? [])];
      const { observation } = await client.reset({ seed: CANARY_SEED, options: { task_id: task.id } });
      scan(onAgentPlane, observation);
      scan(beforeTheEnd, await client.state());
      let over = false;
      for (const action of actions) {
        if (over) break;
        const turn = await client.step(action);
        over = turn.terminated || turn.truncated;
        scan(onAgentPlane, turn.observation);
        if (!over) scan(onAgentPlane, turn.info);
      }
      if (!over) scan(onAgentPlane, (await client.step("resolve_incident(none, no_fault)")).observation);
      await refused("check_status(cache)");
      await refused(malformed[i]);
    }
    expect(found).toEqual([]);
    expect(replies.length).toBeGreaterThan(500);
  });
});

test("every frame of a socket is clean until the end, but for what a reset tells the control plane", async () => {
  const client = await openSocket(await planted());
  const found: string[] = [];
  found.push(...onAgentPlane(JSON.stringify(await client.ask(step("check_status(cache)")))));
  for (const frame of ["{", "[]x", { type: "nonsense" }, { type: "step" }, { type: "reset", data: 3 }]) {
    found.push(...onAgentPlane(JSON.stringify(await client.ask(frame))));
  }
  for (let first = 0; first < malformed.length; first += 10) {
    const task_id = suite.tasks[first % suite.tasks.length]?.id;
    const { data } = await client.ask(reset({ seed: CANARY_SEED, task_id }));
    expect(data.observation.metadata.info).toEqual({});
    found.push(...onAgentPlane(JSON.stringify(data.observation)));
    found.push(...beforeTheEnd(JSON.stringify(data)));
    for (const action of malformed.slice(first, first + 10)) {
      const reply = await client.ask(step(action));
      found.push(...onAgentPlane(JSON.stringify(reply)));
      expect(reply.data.observation?.metadata.info ?? {}).toEqual({});
    }
    const { metadata, ...shown } = (await client.ask(step("escalate(someone)"))).data.observation;
    expect(metadata.info).not.toEqual({});
    found.push(...onAgentPlane(JSON.stringify(shown)));
    found.push(...onAgentPlane(JSON.stringify(await client.ask(step("check_status(cache)")))));
  }
  expect(found).toEqual([]);
});

test("the verdict does name canaries, so they are where a judge looks", async () => {
  const client = localClient(suite);
  await client.reset({ seed: CANARY_SEED, options: { task_id: suite.tasks[0]?.id as string } });
  const { info } = await client.step("escalate(someone)");
  expect(beforeTheEnd(JSON.stringify(info))).not.toEqual([]);
});

test("at least fifty inputs are no action", () => {
  expect(malformed.length).toBeGreaterThanOrEqual(50);
});

test("a canary is found in every encoding and case", () => {
  const secret = control[1] as string;
  for (const encoded of encodingsOf(secret)) {
    for (const text of [encoded, encoded.toUpperCase()])
      expect(finder([secret])(`before ${text} after`)).toContain(secret);
  }
  for (const before of ["", "a", "ab"]) {
    const base64 = Buffer.from(`${before}${secret}xyz`).toString("base64");
    expect(finder([secret])(base64)).toContain(secret);
  }
  expect(finder([secret])("nothing of it")).toEqual([]);
});
