import type { Observation } from "../../env/contract/index.ts";
import type { Agent, AgentContext, LastTurn, Remains, Turn } from "../agent.ts";
import { ProviderError } from "../llm/errors.ts";
import { ProgramNotStarted } from "./errors.ts";
import type { OutsideEpisode } from "./outside.ts";
import { Program } from "./program.ts";
import type { ProgramEnd } from "./program.ts";
import { commandPrompt } from "./prompt.ts";
import { readReport } from "./report.ts";
import { filledArgv, programEnv, withoutValues } from "./settings.ts";
import type { CommandSettings } from "./settings.ts";
import { Workplace } from "./workplace.ts";

/** How patient the harness is with a program, in milliseconds. */
export interface CommandPatience {
  /** To exit after the incident is over. */
  readonly farewellMs: number;
  /** From the polite signal to the other one. */
  readonly termMs: number;
  /** After a program's end, for a request that it sent to arrive. */
  readonly inFlightMs: number;
}

const PATIENCE: CommandPatience = { farewellMs: 10_000, termMs: 5000, inFlightMs: 250 };
/** Exit codes of shells: found but not runnable, and not found. */
const NOT_RUNNABLE: readonly (number | null)[] = [126, 127];
/** EX_TEMPFAIL of sysexits.h: the program's own provider failed. */
const TEMPORARY_FAILURE = 75;

/** Why a program plays no further. */
type Over = "time_limit" | ProgramEnd;

/**
 * An outside program as a responder. It drives the episode itself, over the agent plane; a turn is whatever it does
 * next there.
 */
export class CommandAgent implements Agent {
  readonly #settings: CommandSettings;
  readonly #patience: CommandPatience;
  readonly #over = new AbortController();
  #outside: OutsideEpisode | null = null;
  #place: Workplace | null = null;
  #program: Program | null = null;
  #deadline: NodeJS.Timeout | undefined;
  #remains: Remains | null = null;

  constructor(settings: CommandSettings, patience: CommandPatience = PATIENCE) {
    this.#settings = settings;
    this.#patience = patience;
  }

  begin({ outside }: AgentContext): void {
    if (outside === undefined) throw new TypeError("A command needs an episode to play from outside.");
    this.#outside = outside;
  }

  async act(observation: Observation, signal: AbortSignal): Promise<Turn> {
    if (this.#program === null) this.#start(observation);
    try {
      return await (this.#outside as OutsideEpisode).next(AbortSignal.any([signal, this.#over.signal]));
    } catch (error) {
      if (signal.aborted || !this.#over.signal.aborted) throw error;
      return this.#stopped(this.#over.signal.reason as Over);
    }
  }

  async end(last: LastTurn | null): Promise<void> {
    clearTimeout(this.#deadline);
    const end = await this.#finished(last);
    if (end !== null) this.#remains = this.#collect(end);
    this.#place?.remove();
  }

  remains(): Remains | null {
    return this.#remains;
  }

  #start(observation: Observation): void {
    const { links } = this.#outside as OutsideEpisode;
    this.#place = new Workplace(commandPrompt(observation), links);
    this.#program = new Program({
      termMs: this.#patience.termMs,
      argv: filledArgv(this.#settings, this.#place),
      folder: this.#place.folder,
      env: programEnv(this.#settings, this.#place, links, process.env),
    });
    this.#deadline = setTimeout(() => this.#over.abort("time_limit" satisfies Over), this.#settings.timeoutMs);
    void this.#program.ended.then((end) =>
      setTimeout(() => this.#over.abort(end satisfies Over), this.#patience.inFlightMs),
    );
  }

  /** A program that saw the end may exit by itself; one that was cut off does not know of it, and is stopped. */
  async #finished(last: LastTurn | null): Promise<ProgramEnd | null> {
    if (this.#program === null) return null;
    const sawTheEnd = last !== null && (last.terminated || last.observation.steps_left === 0);
    return sawTheEnd ? this.#program.finish(this.#patience.farewellMs) : this.#program.stop();
  }

  #stopped(over: Over): Turn {
    if (over === "time_limit") return { action: null, stop: "time_limit" };
    const { name, argv } = this.#settings;
    if (!over.started) throw new ProgramNotStarted(`command:${name}: ${argv[0]} could not be started: ${over.reason}`);
    if (NOT_RUNNABLE.includes(over.code)) {
      throw new ProgramNotStarted(
        `command:${name}: ${argv[0]} ended with code ${over.code}, which says that it could not run.`,
      );
    }
    const { report } = readReport(this.#place?.readReport() ?? null);
    if (over.code === TEMPORARY_FAILURE || report.status === "provider_error") {
      throw new ProviderError(`command:${name} says that its provider failed.`, OTHERS_FAILURE);
    }
    return { action: null, stop: "agent_quit" };
  }

  #collect(end: ProgramEnd): Remains {
    const { stdout = "", stderr = "" } = this.#program?.output ?? {};
    const { report, problem } = readReport(this.#place?.readReport() ?? null);
    const clean = (text: string): string => withoutValues(this.#settings, process.env, text);
    return {
      stdout: clean(stdout),
      stderr: clean(stderr),
      facts: {
        exit_code: end.started ? end.code : null,
        exit_signal: end.started ? end.signal : null,
        report_status: report.status ?? null,
        report_problem: problem,
        model_returned: report.model_returned ?? null,
        turns: report.turns ?? null,
      },
      inputTokens: report.input_tokens ?? null,
      outputTokens: report.output_tokens ?? null,
      costUusd: report.cost_usd === undefined ? null : Math.round(report.cost_usd * 1e6),
    };
  }
}

/** A failure of a provider that we do not see. */
const OTHERS_FAILURE = { class: "server", retryable: false, counted: false, fatal: false } as const;
