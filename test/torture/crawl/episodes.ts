import type { Suite, Task } from "../../../env/core/task.ts";
import { CANARY_SEED } from "../../leaks/canary-tasks.ts";
import { malformed } from "../../leaks/malformed.ts";
import { policies } from "../../leaks/policies.ts";
import type { Door, Transport } from "../transports/transport.ts";
import type { Scanner } from "./scanner.ts";

/** Malformed inputs in each state of one episode; all of them are met over a few tasks. */
const ODD = 12;
const WRONG_CLOSE = { type: "resolve_incident", service: "none", fault: "no_fault" };
const LOOK = { type: "check_status", service: "cache" };

/** One episode of each task through a transport, with malformed inputs in every state that an episode has. */
export async function crawlEpisodes(
  transport: Transport,
  { tasks }: Suite,
  scanner: Scanner,
  rounds: number,
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, task] of tasks.entries()) {
      const first = (ODD * (i + round * tasks.length)) % malformed.length;
      const odd = [...malformed, ...malformed].slice(first, first + ODD);
      await crawlEpisode(transport, task, odd, round + i, scanner); // oxlint-disable-line no-await-in-loop
    }
  }
}

async function crawlEpisode(
  transport: Transport,
  task: Task,
  odd: readonly unknown[],
  number: number,
  scanner: Scanner,
): Promise<void> {
  const door = await transport.open();
  const name = `${transport.name} ${task.id}`;
  const step = async (state: string, action: unknown): Promise<boolean> => {
    const reply = await door.step(action);
    scanner.turn(reply, `${state}: ${name}`);
    return reply.data?.done === true || reply.refused === "EPISODE_DONE";
  };
  const look = async (state: string): Promise<void> => {
    const reply = await door.state();
    if (transport.hasControl && !state.startsWith("done")) scanner.control(reply.raw, `${state}: ${name} state`);
  };

  for (const action of odd) await step("before reset", action); // oxlint-disable-line no-await-in-loop
  await look("before reset");
  for (const seed of [-1, "x"]) scanner.control((await door.reset({ seed })).raw, `after an error: ${name}`); // oxlint-disable-line no-await-in-loop
  scanner.turn(await door.reset({ task_id: task.id, seed: CANARY_SEED }), `middle: ${name}`);
  await look("middle");
  const policy = Object.values(policies)[number % 3];
  const actions = [...odd.slice(0, 4), ...(policy?.(task, CANARY_SEED) ?? [])];
  let isOver = false;
  for (const action of actions) {
    if (isOver) break;
    isOver = await step("middle", action); // oxlint-disable-line no-await-in-loop
    if (!isOver) await look("middle"); // oxlint-disable-line no-await-in-loop
  }
  scanner.control((await door.reset({ task_id: "inc-1" })).raw, `after an error: ${name}`);
  for (const action of [LOOK, ...odd]) await step("done", action); // oxlint-disable-line no-await-in-loop

  scanner.turn(await door.reset({ task_id: task.id, seed: CANARY_SEED }), `middle: ${name}`);
  await step("wrong close", WRONG_CLOSE);
  for (const action of odd) await step("wrong close", action); // oxlint-disable-line no-await-in-loop
  await afterTheEnd(door, odd, name, scanner);
}

/** Whatever can still be said to a session that is gone. */
async function afterTheEnd(door: Door, odd: readonly unknown[], name: string, scanner: Scanner): Promise<void> {
  await door.close();
  for (const action of odd) {
    const reply = await door.step(action).catch(() => null); // oxlint-disable-line no-await-in-loop
    if (reply !== null) scanner.turn(reply, `expired: ${name}`);
  }
}
