import { newId } from "../../../env/session/ids.ts";
import { pick, rngFor, wholeNumber } from "../../../env/core/rng.ts";
import type { Rng } from "../../../env/core/rng.ts";
import type { SessionDescriptor } from "../../../env/contract/frames.ts";
import { inParallel } from "../kit/parallel.ts";
import { HttpCaller } from "../transports/http-call.ts";
import type { HttpAnswer, HttpCall } from "../transports/http-call.ts";
import { readAnswer } from "../transports/http.ts";

export interface IdFindings {
  /** Guessed, foreign or expired ids that got an answer of a session. */
  readonly accepted: number;
  /** Refusals from which an id that lives elsewhere can be told from one that never was. */
  readonly telling: number;
}

const AT_ONCE = 16;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".split("");

type Question = (id: string) => HttpCall;

/** What can be asked with an id, by whoever has it. Each shows the id where it might be taken for a valid one. */
const questions: readonly Question[] = [
  (id) => ({ method: "GET", path: "/state", headers: { "x-session-id": id } }),
  (id) => ({ method: "GET", path: `/state?session_id=${encodeURIComponent(id)}` }),
  (id) => ({ method: "GET", path: "/session", headers: { "x-session-id": id } }),
  (id) => ({ ...json("/step", { action: "check_status(cache)" }), headers: { ...JSON_TYPE, "x-session-id": id } }),
  (id) => rpc("/mcp", { method: "tools/list", params: { session_id: id } }),
  (id) => rpc("/mcp", { method: "openenv/session/close", params: { session_id: id } }),
];
const questionsOfAgents: readonly Question[] = [
  (handle) => ({ method: "GET", path: `/e/${encodeURIComponent(handle)}/health` }),
  (handle) => rpc(`/e/${encodeURIComponent(handle)}/mcp`, { method: "tools/list" }),
];

/**
 * Guesses at ids and handles of live sessions, ids used as handles and the other way round, and ids of sessions that
 * are over: none opens anything, and all are refused in the same words as an id that never was.
 */
export async function probeIds(url: string, guesses: number, sessions: number, seed: number): Promise<IdFindings> {
  const caller = new HttpCaller(url);
  const ids = await Promise.all(Array.from({ length: sessions }, () => newSession(caller)));
  const handles = await Promise.all(ids.map((id) => handleOf(caller, id)));
  const live = new Set([...ids, ...handles]);
  let accepted = 0;
  let telling = 0;
  const refusals = new Map<string, Promise<string>>();
  /** What is said to an id of this length that never was one. */
  const refusalOf = (question: Question, length: number): Promise<string> => {
    const unknown = NEVER.padEnd(length, "0").slice(0, length);
    const key = `${length} ${[...questions, ...questionsOfAgents].indexOf(question)}`;
    const refusal = refusals.get(key) ?? caller.call(question(unknown)).then((answer) => wordsOf(answer, unknown));
    refusals.set(key, refusal);
    return refusal;
  };
  const ask = async (asked: readonly Question[], id: string, which: number): Promise<void> => {
    const question = asked[which % asked.length] as Question;
    const answer = await caller.call(question(id));
    if (isAccepted(answer)) accepted += 1;
    else if (wordsOf(answer, id) !== (await refusalOf(question, id.length))) telling += 1;
  };
  await inParallel(AT_ONCE, guesses, async (i) => {
    const rng = rngFor(seed, "guess", i);
    const guess = mutated(rng, pick(rng, [...live]));
    if (!live.has(guess)) await ask(i % 3 === 0 ? questionsOfAgents : questions, guess, i);
  });
  await inParallel(AT_ONCE, sessions * questions.length, (i) => ask(questions, handles[i % sessions] as string, i));
  await inParallel(AT_ONCE, sessions * questionsOfAgents.length, (i) =>
    ask(questionsOfAgents, ids[i % sessions] as string, i),
  );
  await Promise.all(
    ids.map((id) => caller.call({ method: "DELETE", path: "/session", headers: { "x-session-id": id } })),
  );
  await inParallel(AT_ONCE, sessions * questions.length, (i) => ask(questions, ids[i % sessions] as string, i));
  await inParallel(AT_ONCE, sessions * questionsOfAgents.length, (i) =>
    ask(questionsOfAgents, handles[i % sessions] as string, i),
  );
  caller.end();
  return { accepted, telling };
}

/** How many of so many new ids are not new. */
export const collisions = (count: number): number =>
  count - new Set(Array.from({ length: count }, () => newId(""))).size;

/** Looks like an id and never was one. */
const NEVER = "never-was-a-session-id";
const JSON_TYPE = { "content-type": "application/json" };

const json = (path: string, body: object): HttpCall => ({
  method: "POST",
  path,
  headers: JSON_TYPE,
  body: JSON.stringify(body),
});
const rpc = (path: string, request: object): HttpCall => json(path, { jsonrpc: "2.0", id: 1, ...request });

async function newSession(caller: HttpCaller): Promise<string> {
  const call = json("/reset", { seed: 1, text: false });
  const answer = await caller.call({ ...call, headers: { ...JSON_TYPE, "x-session-id": "new" } });
  return answer.headers["x-session-id"] as string;
}

async function handleOf(caller: HttpCaller, id: string): Promise<string> {
  const answer = await caller.call({ method: "GET", path: "/session", headers: { "x-session-id": id } });
  return ((JSON.parse(answer.text) as SessionDescriptor).agent_path as string).replace("/e/", "");
}

const isAccepted = ({ status, text }: HttpAnswer): boolean => status < 400 && !text.includes('"error":{');

/** An answer without the id that it repeats. */
const wordsOf = (answer: HttpAnswer, id: string): string => readAnswer(answer).raw.replaceAll(id, "…");

/** An id that is nearly one: a letter or the case changed, cut, longer, turned round, or nothing in common. */
function mutated(rng: Rng, id: string): string {
  const at = wholeNumber(rng, 0, id.length - 1);
  const letter = pick(rng, LETTERS);
  return pick(rng, [
    id.slice(0, at) + letter + id.slice(at + 1),
    id.slice(0, at) + id.slice(at + 1),
    `${id}${letter}`,
    id.slice(0, -1) + letter,
    id.split("").toReversed().join(""),
    id.toLowerCase(),
    id.toUpperCase(),
    `n1.${id}`,
    `${id}=`,
    `.${id}`,
    Array.from(id, () => pick(rng, LETTERS)).join(""),
  ]);
}
