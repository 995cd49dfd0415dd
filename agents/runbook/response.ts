import type { Observation } from "../../env/contract/index.ts";
import { chaptersFor } from "./families/index.ts";
import { Notebook } from "./notebook.ts";
import type { Chapter, Rule } from "./rule.ts";
import { escalate, resolve } from "./steps.ts";
import type { Diagnosis, Step } from "./steps.ts";
import { Watch } from "./watch.ts";

/** Below this many steps nothing new is begun: one change, one look, the close. */
const LEAST_STEPS_TO_CHANGE = 3;

/** One incident from the page to the close: survey, hypothesis, confirming looks, change, watch, close. */
export class Response {
  readonly #seen = new Notebook();
  readonly #followed = new Set<Rule>();
  #chapters: readonly Chapter[] = [];
  #changes: Step[] = [];
  #watch: Watch | null = null;
  /** What the last cure that was tried blames. */
  #blame: Diagnosis | null = null;

  /** The step that an observation calls for. */
  next(observation: Observation): Step {
    if (this.#chapters.length === 0) this.#chapters = chaptersFor(observation.slo);
    this.#seen.read(observation);
    if (observation.steps_left <= 1) return this.#close(observation);
    return this.#nextChange(observation) ?? this.#watchOn(observation) ?? this.#investigate(observation);
  }

  /** The next of the changes decided on, as long as the budget allows. */
  #nextChange({ changes_left }: Observation): Step | null {
    if (changes_left === 0) this.#changes = [];
    return this.#changes.shift() ?? null;
  }

  /** After a change: the survey again and again, until the panel is green or nothing gets better. */
  #watchOn(observation: Observation): Step | null {
    if (this.#watch === null) return null;
    const recovery = this.#watch.judge(observation.slo);
    if (recovery === "recovered") return this.#close(observation);
    if (recovery === "unclear") return this.#watch.nextLook();
    this.#watch = null;
    this.#seen.forgetTelemetry();
    return null;
  }

  /** The first look that a chapter still asks for, or what its first confirmed rule says. */
  #investigate(observation: Observation): Step {
    for (const chapter of this.#chapters) {
      const survey = chapter.survey.find((step) => !this.#seen.took(step));
      if (survey !== undefined) return survey;
      for (const rule of chapter.rules) {
        const step = this.#consider(rule, chapter, observation);
        if (step !== null) return step;
      }
    }
    return this.#close(observation);
  }

  /** What a rule says now; null: it does not hold, or has nothing left to say. */
  #consider(rule: Rule, chapter: Chapter, { steps_left, changes_left }: Observation): Step | null {
    if (this.#followed.has(rule) || !rule.when(this.#seen)) return null;
    const look = rule.look.find((step) => !this.#seen.took(step));
    if (look !== undefined) return look;
    if (rule.kind === "pointer" || rule.confirm?.(this.#seen) === false) return null;
    if (rule.kind === "handover") return escalate(rule.reason(this.#seen));
    if (changes_left === 0 || steps_left < LEAST_STEPS_TO_CHANGE) return null;
    this.#followed.add(rule);
    this.#blame = rule.blame;
    const [first, ...rest] = rule.change(this.#seen);
    this.#changes = rest;
    this.#watch = new Watch(chapter.survey);
    return first;
  }

  /** The last cure; without one, a green panel means a false alarm, and a red one leaves a guess. */
  #close({ slo }: Observation): Step {
    if (this.#blame !== null) return resolve(this.#blame);
    return resolve(slo.every(({ ok }) => ok) ? ["none", "no_fault"] : (this.#chapters[0] as Chapter).guess);
  }
}
