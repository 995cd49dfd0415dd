import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Session } from "../../../env/session/session.ts";
import { trajectoryHash } from "../../../env/store/trajectory.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { openSocket, reset, step } from "./fixtures.ts";
import type { RawSocket, Reply } from "./fixtures.ts";
import { emptyFolder, startProgram } from "./program.ts";

/** What each client does after its reset: a crash comes in the middle of it. */
const ACTIONS = [
  "inspect_metrics(database)",
  null,
  "restart_service(cache)",
  "inspect_logs(web_server)",
  "escalate(me)",
];
const CRASH_AFTER = 3;

/** Hash of an episode as a client saw it. */
const hashOf = (observations: readonly Reply[]): string =>
  trajectoryHash(observations.map((observation) => JSON.stringify(observation)));

/** The same episode in this process. */
function unbroken(seed: number): string {
  const session = new Session(coreSuite);
  const turns = [session.reset({ seed }), ...ACTIONS.map((action) => session.step(action))];
  return hashOf(turns.map(({ observation }) => observation));
}

const seen = ({ data }: Reply): Reply => {
  const { metadata: _metadata, ...observation } = data.observation;
  return observation;
};

describe("a server with --durable that ends", () => {
  test("by kill -9 leaves every resumable session to the next, which ends as if nothing had happened", async () => {
    const file = join(emptyFolder(), "sessions.db");
    const first = startProgram("--durable", file);
    const url = await first.url;
    const clients = await Promise.all(
      Array.from({ length: 12 }, async (_, seed) => {
        const socket = await openSocket(url);
        const { data } = await socket.ask({ type: "session" });
        expect(data.durable).toBe(true);
        const observations = [seen(await socket.ask(reset({ seed })))];
        for (const [i, action] of ACTIONS.slice(0, CRASH_AFTER).entries()) {
          observations.push(seen(await socket.ask({ ...step(action), request_id: `${i}` }))); // oxlint-disable-line no-await-in-loop
        }
        return { seed, socket, observations, id: data.session_id, token: data.resume_token };
      }),
    );
    first.child.kill("SIGKILL");
    await first.exit;

    const second = startProgram("--durable", file);
    const nextUrl = await second.url;
    await Promise.all(
      clients.map(async ({ seed, observations, id, token }) => {
        const socket: RawSocket = await openSocket(nextUrl, {}, `/ws?session_id=${id}`);
        const { type, data } = await socket.ask({ type: "resume", data: { token } });
        expect([type, data.session_id, data.step_count]).toEqual(["session", id, CRASH_AFTER]);
        const last = ACTIONS[CRASH_AFTER - 1];
        const repeated = await socket.ask({ ...step(last), request_id: `${CRASH_AFTER - 1}` });
        expect(seen(repeated)).toEqual(observations.at(-1));
        for (const action of ACTIONS.slice(CRASH_AFTER)) {
          observations.push(seen(await socket.ask(step(action)))); // oxlint-disable-line no-await-in-loop
        }
        expect(hashOf(observations)).toBe(unbroken(seed));
      }),
    );
    second.child.kill("SIGTERM");
    expect((await second.exit).code).toBe(0);
  });

  test("in good order leaves them as well", async () => {
    const file = join(emptyFolder(), "sessions.db");
    const first = startProgram("--durable", file);
    const socket = await openSocket(await first.url);
    await socket.ask(reset({ seed: 1 }));
    const { data } = await socket.ask({ type: "session" });
    first.child.kill("SIGTERM");
    expect(await socket.closed).toBe(1012);
    expect((await first.exit).code).toBe(0);
    const second = startProgram("--durable", file);
    const again = await openSocket(await second.url, {}, `/ws?session_id=${data.session_id}`);
    const resumed = await again.ask({ type: "resume", data: { token: data.resume_token } });
    expect(resumed).toMatchObject({ type: "session", data: { episode_id: data.episode_id } });
  });
});
