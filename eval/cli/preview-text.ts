import { existsSync } from "node:fs";
import type { EpisodeEntry } from "../../env/store/store.ts";
import { systemClock } from "../clock.ts";
import type { Plan } from "../plan.ts";
import { rankingNotes } from "../preview/notes.ts";
import { previewOf } from "../preview/preview.ts";
import type { AgentPreview, Preview } from "../preview/preview.ts";
import type { Range } from "../preview/range.ts";
import { ASSUMED } from "../preview/use.ts";
import { loadKeys } from "../provider/keys.ts";
import { readPolicy, variableNotices } from "../provider/read-policy.ts";
import { dollars } from "../report/use.ts";
import type { Agents } from "./agent-options.ts";
import { note, print, printJson, tableText } from "./output.ts";
import { previewJson } from "./preview-json.ts";
import { reading } from "./reading.ts";
import type { Wiring } from "./wiring.ts";

export interface PreviewOptions {
  /** Database whose episodes say what is expected; it need not be there. */
  readonly db: string;
  readonly json?: true;
}

/** Prints what a plan would take: `--dry-run`. Nobody is called, and nothing is written. */
export async function showPreview(
  wiring: Pick<Wiring, "openStore">,
  plan: Plan,
  { config, policy: flags }: Agents,
  { db, json }: PreviewOptions,
): Promise<void> {
  loadKeys(); // limits may stand beside the keys
  const asks = plan.variants.some(({ model }) => model !== null);
  if (asks) for (const notice of variableNotices(process.env)) note(notice);
  const preview = previewOf(plan, {
    policyOf: ({ entry }) => readPolicy(entry, config, { flags, env: process.env }),
    prices: config.prices,
    history: asks && existsSync(db) ? await reading(wiring, db, stored) : [],
    now: systemClock.now(),
  });
  if (json) printJson(previewJson(plan, preview));
  else print(previewText(plan, preview));
}

const stored: Parameters<typeof reading<EpisodeEntry[]>>[2] = (store) => store.episodes({ finalOnly: true });

/** For people. */
export function previewText(plan: Plan, preview: Preview): string {
  return [
    tableText(["agent", "episodes", "calls", "tokens in", "tokens out", "cost"], preview.agents.map(rowOf)),
    summaryText(plan, preview),
    ...endpointNotes(preview),
    ...timeNotes(preview),
    ...basisNotes(preview),
    ...rankingNotes(plan).map((sentence) => `Not ranked as it stands. ${sentence}`),
    "Leave out --dry-run to play it.",
  ].join("\n");
}

function rowOf({ label, slots, asks }: AgentPreview): string[] {
  if (asks === null) return [label, `${slots}`, "–", "–", "–", "–"];
  return [
    label,
    `${slots}`,
    rangeText(asks.calls, whole),
    rangeText(asks.inputTokens, compact),
    rangeText(asks.outputTokens, compact),
    asks.costUusd === null ? UNPRICED : rangeText(asks.costUusd, money),
  ];
}

const UNPRICED = "unpriced";

function summaryText(plan: Plan, { slots, calls, gateMs, costUusd, unpriced, endpoints }: Preview): string {
  const part = plan.shard === null ? "" : `, shard ${plan.shard.index} of ${plan.shard.count}`;
  const played = `${slots} episodes of ${plan.tasks.length} incidents${part}`;
  if (endpoints.length === 0) return `${played}; no model is asked.`;
  const cost = [
    ...(unpriced.length < endpoints.flatMap(({ agents }) => agents).length ? [rangeText(costUusd, money)] : []),
    ...(unpriced.length === 0 ? [] : [`${unpriced.join(", ")} ${UNPRICED}`]),
  ].join(", and ");
  return `${played}: ${rangeText(calls, whole)} calls, at least ${rangeText(gateMs, duration)}, ${cost}.`;
}

/** Which calls share limits; one endpoint's are those of the summary. */
const endpointNotes = ({ endpoints }: Preview): string[] =>
  endpoints.length < 2
    ? []
    : endpoints.map(
        ({ endpoint, agents, calls, gateMs }) =>
          `${endpoint}: ${rangeText(calls, whole)} calls of ${agents.join(", ")}, at least ${rangeText(gateMs, duration)}.`,
      );

function timeNotes({ withLatencyMs, agents }: Preview): string[] {
  const programs = agents.filter(({ programMs }) => programMs !== null);
  return [
    ...(withLatencyMs === null ? [] : [`With answers as slow as they were before: about ${duration(withLatencyMs)}.`]),
    ...programs.map(
      ({ label, programMs }) => `${label}: what it calls is not known; at most ${duration(programMs ?? 0)} one by one.`,
    ),
  ];
}

function basisNotes({ agents }: Preview): string[] {
  const asking = agents.flatMap(({ label, asks }) => (asks === null ? [] : [{ label, use: asks.use }]));
  const seen = asking.filter(({ use }) => use.episodes > 0);
  const assumed = asking.filter(({ use }) => use.episodes === 0).map(({ label }) => label);
  const { calls, firstInputTokens, furtherInputTokens, outputTokens } = ASSUMED;
  return [
    ...seen.map(
      ({ label, use }) =>
        `${label}: expected is the mean of ${use.episodes} stored episodes, ${use.calls.toFixed(1)} calls each.`,
    ),
    ...(assumed.length === 0
      ? []
      : [
          `${assumed.join(", ")}: nothing is stored; assumed are ${calls} calls an episode, ${firstInputTokens} tokens in for ` +
            `the first and ${furtherInputTokens} more for each further one where all is told again, and ${outputTokens} out, thinking not counted.`,
        ]),
  ];
}

/** `320 (120–768)` */
const rangeText = ({ least, expected, most }: Range, text: (value: number) => string): string =>
  text(least) === text(most) ? text(expected) : `${text(expected)} (${text(least)}–${text(most)})`;

const whole = (value: number): string => `${Math.round(value)}`;

/** `288 k`, `1.1 M` */
const compact = (value: number): string =>
  value < 10_000 ? whole(value) : value < 1e6 ? `${whole(value / 1000)} k` : `${(value / 1e6).toFixed(1)} M`;

const money = (uusd: number): string => dollars(uusd) ?? UNPRICED;

/** `45 s`, `80 min`, `13 h 20 min` */
function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
