import type { IncomingMessage, ServerResponse } from "node:http";
import { text as readText } from "node:stream/consumers";
import { idling } from "./behaviours.ts";
import type { Behaviour } from "./behaviours.ts";
import { completion } from "./completion.ts";
import { readConversation } from "./conversation.ts";
import type { Conversation } from "./conversation.ts";
import { isFault } from "./faults.ts";
import type { FaultName } from "./faults.ts";
import type { Journal, JournalEntry } from "./journal.ts";
import { perform } from "./perform.ts";
import { endlessly, readScript } from "./script.ts";
import type { Script, ScriptInput } from "./script.ts";
import { Step } from "./step.ts";
import type { StepOf } from "./step.ts";

export interface DeskOptions {
  /** How its model answers; it idles when absent. */
  readonly reply?: Behaviour;
  /** What happens to requests that choose no fault of their own; all is well when absent. */
  readonly script?: ScriptInput | Script;
  /** Whether the journal keeps bodies. */
  readonly keepBodies?: boolean;
  readonly onEntry?: (entry: JournalEntry) => void;
}

const DEFAULT_SCRIPT = "script";

interface Place {
  readonly script: string;
  /** From 0. */
  readonly place: number;
  readonly step: Step;
}

/** Where requests are taken: each meets a step of a script, and is noted. */
export class Desk implements Journal {
  readonly entries: JournalEntry[] = [];
  readonly closing = new AbortController();
  open = 0;
  readonly #options: DeskOptions;
  readonly #scripts = new Map<string, { readonly script: Script; place: number }>();

  constructor(options: DeskOptions) {
    const { script = [] } = options;
    this.#options = options;
    const played = typeof script === "function" ? script : readScript(script);
    this.#scripts.set(DEFAULT_SCRIPT, { script: played, place: 0 });
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.open += 1;
    response.once("close", () => {
      this.open -= 1;
    });
    const body = await readText(request);
    const conversation = readConversation(body);
    const refusal = refusalOf(request, conversation);
    const place =
      refusal === null ? this.#placeOf(request, conversation) : { script: "refused", place: 0, step: refusal };
    const entry = this.#entry(request, body, conversation, place);
    response.once("finish", () => {
      entry.finished = true;
    });
    await perform(place.step, {
      response,
      signal: this.#signalOf(response),
      key: keyOf(request),
      url: `http://${request.headers.host}${request.url}`,
      reply: (how) => this.#reply(conversation as Conversation, how, entry), // what is none was refused
    });
  }

  async #reply(conversation: Conversation, step: StepOf<"reply">, entry: JournalEntry): Promise<string> {
    const behave = this.#options.reply ?? idling;
    const said = step.message === undefined ? await behave(conversation.messages, conversation.tools) : {};
    const { text, billed } = completion(entry.number, conversation, said, step);
    entry.inputTokens = billed.input;
    entry.outputTokens = billed.output;
    return text;
  }

  /** Which script a request meets, and how far that is. */
  #placeOf(request: IncomingMessage, conversation: Conversation | string): Place {
    const fault = faultOf(request, conversation);
    const name = fault ?? DEFAULT_SCRIPT;
    const known = this.#scripts.get(name) ?? { script: endlessly(fault as FaultName), place: 0 };
    this.#scripts.set(name, known);
    const place = known.place;
    known.place += 1;
    return { script: name, place, step: known.script(place) };
  }

  #entry(
    request: IncomingMessage,
    body: string,
    conversation: Conversation | string,
    { script, place, step }: Place,
  ): JournalEntry {
    const key = keyOf(request);
    const entry: JournalEntry = {
      number: this.entries.length + 1,
      at: Date.now(),
      path: request.url ?? "",
      script,
      place,
      did: step.do === "status" || step.do === "body" ? `${step.do} ${step.status}` : step.do,
      model: typeof conversation === "string" ? null : conversation.model,
      messages: typeof conversation === "string" ? 0 : conversation.messages.length,
      headers: Object.keys(request.headers).toSorted(),
      key: key === "" ? null : `...${key.slice(-4)}`,
      body: this.#options.keepBodies === true ? body : "",
      inputTokens: 0,
      outputTokens: 0,
      finished: false,
    };
    this.entries.push(entry);
    this.#options.onEntry?.(entry);
    return entry;
  }

  #signalOf(response: ServerResponse): AbortSignal {
    const gone = new AbortController();
    response.once("close", () => gone.abort(new Error("The client has gone.")));
    return AbortSignal.any([gone.signal, this.closing.signal]);
  }
}

const FAULT_PATH = /^\/fault\/([^/]*)\//;

/** The fault that a request asks for by path, header or model; null when it asks for none. */
function faultOf({ url, headers }: IncomingMessage, conversation: Conversation | string): FaultName | null {
  const byModel = typeof conversation === "string" ? "" : conversation.model;
  const candidates = [FAULT_PATH.exec(url ?? "")?.[1], headers["x-mock-fault"], byModel];
  return candidates.find((name): name is FaultName => typeof name === "string" && isFault(name)) ?? null;
}

/** What is wrong with a request, as a step; null when it can be answered. */
function refusalOf({ method, url = "" }: IncomingMessage, conversation: Conversation | string): Step | null {
  const fault = FAULT_PATH.exec(url)?.[1] ?? null;
  if (method !== "POST" || !url.endsWith("/chat/completions")) return refuse(404, "POST to …/chat/completions.");
  if (fault !== null && !isFault(fault)) return refuse(404, `Unknown fault "${fault}".`);
  return typeof conversation === "string" ? refuse(400, conversation) : null;
}

const refuse = (status: number, message: string): Step => Step.parse({ do: "status", status, message });

const keyOf = (request: IncomingMessage): string => request.headers.authorization?.replace(/^Bearer /, "") ?? "";
