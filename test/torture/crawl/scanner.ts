import { CANARY_SEED } from "../../leaks/canary-tasks.ts";
import type { Planted } from "../../leaks/canary-tasks.ts";
import { shownIn } from "../transports/transport.ts";
import type { Reply } from "../transports/transport.ts";
import { SecretIndex } from "./secret-index.ts";

/** Hits that are told in full. */
const TOLD = 10;

/** Looks for canaries in replies, by what whoever reads them may know. */
export class Scanner {
  /** What no agent may read, ever. */
  readonly #fromAgents: SecretIndex;
  /** What nobody may read before the end of the episode. */
  readonly #fromAll: SecretIndex;
  replies = 0;
  hits = 0;
  /** Verdicts in which canaries were found, where they belong: the proof that they would be found elsewhere. */
  verdicts = 0;
  /** States of an episode in which replies were read, and how many. */
  readonly states = new Map<string, number>();

  constructor({ control, hidden }: Pick<Planted, "control" | "hidden">) {
    this.#fromAgents = new SecretIndex([...control, ...hidden, String(CANARY_SEED)]);
    this.#fromAll = new SecretIndex(hidden);
  }

  /** Something that an agent reads. */
  agent(text: string, where: string): void {
    this.#note(this.#fromAgents.in(text), text, where);
  }

  /** Something that only whoever controls episodes reads, before the end. */
  control(text: string, where: string): void {
    this.#note(this.#fromAll.in(text), text, where);
  }

  /** A reply that plays: the agent sees its observation, the rest is control; the verdict may name what was hidden. */
  turn(reply: Reply, where: string): void {
    if (reply.refused !== null) return this.agent(reply.raw, where);
    const found = this.#fromAgents.in(shownIn(reply) ?? "");
    const beside = this.#fromAll.in(reply.raw);
    const isOver = reply.data?.done === true;
    if (isOver && beside.length > 0) this.verdicts += 1;
    this.#note(isOver ? found : [...found, ...beside], reply.raw, where);
  }

  #note(found: readonly string[], text: string, where: string): void {
    this.replies += 1;
    const [state = ""] = where.split(":");
    this.states.set(state, (this.states.get(state) ?? 0) + 1);
    if (found.length === 0) return;
    this.hits += 1;
    if (this.hits <= TOLD) process.stderr.write(`${where}: ${found.join(", ")} in ${text.slice(0, 400)}\n`);
  }
}
