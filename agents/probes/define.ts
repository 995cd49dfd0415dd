import type { Observation, Rng } from "../../env/contract/index.ts";
import type { Agent, AgentContext, Reference, Turn } from "../agent.ts";
import type { Bound } from "./bounds.ts";
import type { Knowledge, Need } from "./knowledge.ts";

/** A policy at work: yields an action, is given the observation after it, and returns the action that closes. */
type Play = Generator<string, string, Observation>;

/** What a policy starts from. */
interface Start<Told> {
  readonly page: Observation;
  readonly rng: Rng;
  readonly told: Told;
}

interface Tellable extends Knowledge {
  readonly reference: Reference;
}

/** A degenerate policy: one that must not score, and shows a hole where it does. */
interface ProbeDef<N extends Need> {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  readonly needs?: N;
  readonly bounds: readonly Bound[];
  /** A policy that only closes gives the closing action. */
  readonly play: (start: Start<Tellable[N]>) => Play | string;
}

/** A probe as the harness sees it. */
export interface Probe {
  readonly name: string;
  readonly summary: string;
  readonly needs: Need | null;
  readonly bounds: readonly Bound[];
  readonly create: () => Agent;
}

export const defineProbe = <N extends Need = never>(def: ProbeDef<N>): Probe => ({
  name: def.name,
  summary: def.summary,
  needs: def.needs ?? null,
  bounds: def.bounds,
  create: () => new ProbeAgent(def),
});

/** Plays a policy turn by turn. */
class ProbeAgent<N extends Need> implements Agent {
  readonly #def: ProbeDef<N>;
  #context: AgentContext = { rng: () => 0 };
  #play: Play | null = null;

  constructor(def: ProbeDef<N>) {
    this.#def = def;
  }

  begin(context: AgentContext): void {
    this.#context = context;
    this.#play = null;
  }

  act(observation: Observation): Promise<Turn> {
    return Promise.resolve({ action: this.#play?.next(observation).value ?? this.#start(observation) });
  }

  #start(page: Observation): string {
    const play = this.#def.play({ page, rng: this.#context.rng, told: this.#told() });
    if (typeof play === "string") return play;
    this.#play = play;
    return play.next().value;
  }

  #told(): Tellable[N] {
    const { name, needs } = this.#def;
    const { reference, knowledge } = this.#context;
    const tellable = { ...knowledge, reference };
    const told = needs === undefined ? undefined : tellable[needs];
    if (needs !== undefined && told === undefined) {
      throw new TypeError(`probe:${name} needs ${needs}; only the harness can tell it.`);
    }
    return told as Tellable[N];
  }
}
