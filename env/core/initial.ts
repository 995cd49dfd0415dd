import { deviate } from "./benign.ts";
import { drawAll } from "./draw.ts";
import { applySettings, drawn } from "./faults/define.ts";
import { applyFault } from "./faults/index.ts";
import { drawNames } from "./names.ts";
import type { Names } from "./names.ts";
import { rngFor, uniform, wholeNumber } from "./rng.ts";
import { copyConfig } from "./services/config.ts";
import type { Config } from "./services/config.ts";
import { faultSettings } from "./settings.ts";
import { JUDGEMENT_WINDOW, levelsAt, LIVE_WINDOW, redMask, SLO_NAMES } from "./slo.ts";
import { runPhases } from "./onset.ts";
import { isSound } from "./sound.ts";
import type { State } from "./state.ts";
import { steadyState, warmUp } from "./steady.ts";
import type { Sibling, Task } from "./task.ts";
import type { TelemetryMemo } from "./telemetry/memo.ts";
import { ticks } from "./time.ts";
import { BASE_RPS } from "./traffic.ts";

/** One task at one seed: what the seed drew. Plain data, fixed for the episode, hidden from agents. */
export interface Instance {
  readonly task: Task;
  readonly seed: number;
  /** Walks past seeds whose instance would not be sound; 0 for almost all. */
  readonly attempt: number;
  /** The seed that everything below was drawn with. */
  readonly instanceSeed: number;
  readonly siblingIndex: number;
  /** The cause that was drawn, with every value filled in. */
  readonly sibling: Sibling;
  readonly names: Names;
  /** Configuration before anything broke, for histories. */
  readonly healthyConfig: Config;
  /** Ticks at which the fault began and the page came. */
  readonly onsetTick: number;
  readonly pageTick: number;
  /** Simulated seconds since the start of 2031 at the page. */
  readonly pageSeconds: number;
  /** Key of the display noise. */
  readonly noiseKey: number;
  /** Objectives missed at the page, as a mask. */
  readonly redAtPage: number;
  /** Level of each objective before anything broke. */
  readonly usualLevels: readonly number[];
  /** What telemetry has derived of the above so far, so that it is derived once. Never a source. */
  readonly memo: TelemetryMemo;
}

/** Most seeds that a reset walks past before it gives up on a task. */
const MOST_ATTEMPTS = 16;
const DAY = 86_400;

/**
 * The instance of a task at a seed, and its state at the page. A seed whose instance is not healthy before or not
 * breached at the page (for a narrow task: that heals, or resists its fix) is walked past deterministically; the walk
 * depends on version, task and seed alone.
 * @param sibling forces a sibling by index, for validation; absent: the seed chooses
 * @throws RangeError when sixteen attempts in a row are unsound: the task is broken
 */
export function initial(task: Task, seed: number, sibling?: number): { instance: Instance; state: State } {
  for (let attempt = 0; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const made = build(task, seed, attempt, sibling);
    if (made !== null) return made;
  }
  throw new RangeError(`${task.id}: no sound instance for seed ${seed} in ${MOST_ATTEMPTS} attempts.`);
}

function build(
  task: Task,
  seed: number,
  attempt: number,
  forced?: number,
): { instance: Instance; state: State } | null {
  const instanceSeed = attempt === 0 ? seed : Math.floor(rngFor(seed, "attempt", attempt)() * 9_007_199_254_740_991);
  const rng = rngFor(instanceSeed, `instance/${task.id}`, 0);
  const drawnIndex = Math.floor(rng() * task.siblings.length);
  const siblingIndex = forced ?? drawnIndex;
  const names = drawNames(instanceSeed);
  const sibling = drawAll(task.siblings[siblingIndex] as Sibling, rngFor(instanceSeed, "strength", 0), names);

  const state = healthyState(task, sibling, instanceSeed, names);
  if (redMask(state, JUDGEMENT_WINDOW) !== 0) return null;
  const onsetTick = state.tick;
  const healthyConfig = copyConfig(state.config);
  const usualLevels = levelsAt(state, 0);
  beginFault(state, sibling);
  runPhases(state, sibling);
  const redAtPage = redMask(state, LIVE_WINDOW);
  if (!pagesAsDeclared(task, sibling, redAtPage)) return null;
  if (task.narrow && !isSound(task, sibling, state)) return null;

  const instance: Instance = {
    task,
    seed,
    attempt,
    instanceSeed,
    siblingIndex,
    sibling,
    names,
    healthyConfig,
    onsetTick,
    pageTick: state.tick,
    pageSeconds: wholeNumber(rng, 20, 340) * DAY + wholeNumber(rng, 0, DAY - 1),
    noiseKey: Math.floor(rng() * 0x7fffffff),
    redAtPage,
    usualLevels,
    memo: { revisions: {}, background: {} },
  };
  return { instance, state };
}

/** The system as it was before anything broke, with the seed's load, names and harmless deviations. */
function healthyState(task: Task, sibling: Sibling, seed: number, names: Names): State {
  const rng = rngFor(seed, "system", 0);
  const state = steadyState();
  state.load.base = BASE_RPS * uniform(rng, 1 - task.load_jitter, 1 + task.load_jitter);
  state.cache.workingSetMb *= uniform(rng, 0.97, 1.03);
  state.queue.heavyShare *= uniform(rng, 0.97, 1.03);
  state.cache.uptimeTicks = wholeNumber(rng, ticks(30, "h"), ticks(900, "h"));
  state.queue.batchUsual = drawn(sibling.batch_usual_rps);
  state.queue.batchRate = state.queue.batchUsual;
  state.edge.pinnedHost = Number(names["host.a"]) - 1;
  for (let i = 0; i < state.web.memoryMb.length; i += 1) state.web.memoryMb[i] = uniform(rng, 1440, 1560);
  stockInventory(state, rng, names);
  state.queue.transientFailure *= uniform(rng, 0.97, 1.03);
  deviate(state, seed, keptKeys(task));
  applySettings(state, sibling.standing);
  warmUp(state);
  return state;
}

/** Certificates, tokens, releases and providers under the names that the seed drew. */
function stockInventory(state: State, rng: () => number, names: Names): void {
  const named = (role: string): string => names[role] as string;
  state.certificates = [];
  for (const [role, service] of [
    ["edge_certificate", "load_balancer"],
    ["queue_certificate", "message_queue"],
  ] as const) {
    const changeover = ticks(wholeNumber(rng, 24, 90) * 24, "h");
    const year = ticks(365 * 24, "h");
    const overlap = ticks(wholeNumber(rng, 10, 30) * 24, "h");
    for (const [age, notBeforeTick, notAfterTick] of [
      ["previous", changeover - 2 * year, -ticks(wholeNumber(rng, 30, 200), "h")],
      ["current", changeover - year, changeover],
      ["next", -overlap, changeover + year - overlap],
    ] as const) {
      state.certificates.push({ id: named(`${role}.${age}`), service, notBeforeTick, notAfterTick, nameOk: true });
    }
    state.config[service].tls_cert_id = named(`${role}.current`);
  }
  state.releases = ["oldest", "previous", "current"].map((age) => ({
    version: named(`release.${age}`),
    leakMb: 0,
    connectionLeak: 0,
  }));
  const { web_server: web, cache } = state.config;
  web.app_version = named("release.current");
  web.cache_token_id = named("cache_token.current");
  cache.auth_token_id = named("cache_token.current");
  web.payment_provider = named("provider.payment");
  web.network_provider = named("provider.network");
  web.mail_provider = named("provider.mail");
  web.cdn_provider = named("provider.cdn");
}

/** Keys that a task's own causes, fixes and accepted ranges are calibrated on; they keep their defaults. */
function keptKeys(task: Task): ReadonlySet<string> {
  const known = keptOf.get(task) ?? findKeptKeys(task);
  keptOf.set(task, known);
  return known;
}

/** Derived once per task, because every reset asks. */
const keptOf = new WeakMap<Task, ReadonlySet<string>>();

function findKeptKeys(task: Task): ReadonlySet<string> {
  const kept = new Set(task.keep.map(({ service, key }) => `${service}.${key}`));
  for (const sibling of task.siblings) {
    for (const setting of [...sibling.standing, ...faultSettings(sibling)]) {
      kept.add(`${setting.service}.${setting.key}`);
    }
    for (const step of [...sibling.fixes, ...sibling.distractors].flat()) {
      if ("key" in step) kept.add(`${step.service}.${step.key}`);
    }
  }
  return kept;
}

function beginFault(state: State, sibling: Sibling): void {
  state.load.surge = drawn(sibling.load);
  for (const fault of sibling.faults) applyFault(state, fault);
}

/** A false alarm pages although every objective holds; everything else pages on its breach. */
function pagesAsDeclared(task: Task, sibling: Sibling, red: number): boolean {
  if (sibling.answer === "no_fault") return red === 0;
  return (red & (1 << SLO_NAMES.indexOf(task.pages_on as (typeof SLO_NAMES)[number]))) !== 0;
}
