import { BUDGETS, suiteId } from "../env/core/task.ts";
import { ENV_VERSION, SCORING_VERSION } from "../env/core/version.ts";
import { sha256 } from "../env/store/canonical.ts";
import type { JsonObject } from "../env/store/values.ts";
import { UsageError } from "./errors.ts";
import { suiteRecord } from "./specs.ts";
import { distinctVariants } from "./targets.ts";
import type { Group, PlanParts } from "./targets.ts";
import type { Variant } from "./variants.ts";

/**
 * All that decides what is played, for people too: two plans with equal fields play the same, in whatever order and in
 * however many shards. How providers are treated, prices and paths are not among it.
 */
export function fingerprintFields({ suite, groups, baseSeed, salt, maxEpisodeTokens }: PlanParts) {
  const variants = distinctVariants(groups).toSorted((a, b) => (a.label < b.label ? -1 : 1));
  return {
    suite: suiteId(suite),
    manifest_sha256: suiteRecord(suite).manifestSha256,
    env_version: ENV_VERSION,
    scoring_version: SCORING_VERSION,
    base_seed: baseSeed,
    salt_sha256: salt === "" ? null : sha256(salt),
    budgets: { ...BUDGETS, max_episode_tokens: maxEpisodeTokens },
    agents: Object.fromEntries(
      variants.map((variant) => [
        variant.label,
        { variant_id: variant.id, ...said(variant.identity), [PLAYS]: playsOf(variant, groups) },
      ]),
    ),
  } satisfies JsonObject;
}

/** Which tasks an agent plays how often: `{ "5": ["inc-101", …] }`. */
function playsOf({ id }: Variant, groups: readonly Group[]): Record<string, string[]> {
  const most = new Map<string, number>();
  for (const { variant, tasks, trials } of groups.flat()) {
    if (variant.id !== id) continue;
    for (const task of tasks) most.set(task.id, Math.max(most.get(task.id) ?? 0, trials));
  }
  const byTrials: Record<string, string[]> = {};
  for (const task of [...most.keys()].toSorted()) (byTrials[`${most.get(task)}`] ??= []).push(task);
  return byTrials;
}

/** What is known of a variant; left out and null are the same. */
const said = (identity: Variant["identity"]): JsonObject =>
  Object.fromEntries(Object.entries(identity).filter(([, value]) => value !== null && value !== undefined));

/**
 * What distinguishes two plans, a line for each field: `agents.tools:gpt.model: gpt-5 -> gpt-5.5`.
 * @param stored fields as they were stored; a field that is missing in one of them is told as such
 */
export function describeDifference(stored: unknown, now: unknown, path = ""): string[] {
  if (isRecord(stored) && isRecord(now) && !path.endsWith(`.${PLAYS}`)) {
    const names = [...new Set([...Object.keys(stored), ...Object.keys(now)])];
    return names
      .filter((name) => name !== "variant_id") // a hash of what is told beside it
      .flatMap((name) => describeDifference(stored[name], now[name], path === "" ? name : `${path}.${name}`));
  }
  const [before, after] = [shown(stored), shown(now)];
  return before === after && JSON.stringify(stored) === JSON.stringify(now) ? [] : [`${path}: ${before} -> ${after}`];
}

/** Which field says what an agent plays. */
const PLAYS = "plays";

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Short enough for a line. */
function shown(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "string") return /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : value;
  if (Array.isArray(value) && value.length > 3)
    return `${value.slice(0, 2).join(", ")} … ${value.at(-1)} (${value.length})`;
  if (Array.isArray(value)) return value.join(", ");
  if (isRecord(value) && Object.values(value).every((tasks) => Array.isArray(tasks))) return playsText(value);
  if (isRecord(value) && typeof value["label"] === "string") return "an agent of this name";
  return JSON.stringify(value);
}

/** `5 x inc-101, inc-102 … inc-140 (40)` */
const playsText = (plays: Readonly<Record<string, unknown>>): string =>
  Object.entries(plays)
    .map(([trials, tasks]) => `${trials} x ${shown(tasks)}`)
    .join(" and ");

/**
 * Results are told apart by label: one name for two variants would pool in every table what must not be pooled.
 * @throws UsageError naming what differs
 */
export function assertOneOfEachLabel(variants: readonly Variant[]): void {
  for (const variant of variants) {
    const twin = variants.find(({ label, id }) => label === variant.label && id !== variant.id);
    if (twin === undefined) continue;
    const differences = describeDifference(said(variant.identity), said(twin.identity)).join("; ");
    throw new UsageError(
      `${variant.label} plays with two different settings: ${differences}.`,
      "give one of them a name of its own in the configuration",
    );
  }
}
