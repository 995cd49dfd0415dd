import type { RunRecord, SuiteRecord, VariantRecord } from "../../env/store/store.ts";
import { isSalted } from "../verify/salt.ts";
import type { Entry } from "./entry.ts";
import { groupBy } from "./group-by.ts";
import { count } from "./numbers.ts";
import { selectionOf } from "./selection.ts";

/** A name and what it stands for, as text. */
export type Fact = readonly [name: string, value: string];

/**
 * What was played, under which versions, and from which seeds.
 * @param taskIds of the tasks that were
 */
export function suiteFacts(run: RunRecord, suite: SuiteRecord | null, taskIds: ReadonlySet<string>): Fact[] {
  const { suite: name, suiteVersion, versions, trials, baseSeed, fingerprint, gitCommit, gitDirty, filter } = run;
  const selection = selectionOf(suite, taskIds);
  return [
    ["run", run.runId],
    ...(run.name === null ? [] : [["name", run.name] as const]),
    ["status", run.reason === null ? run.status : `${run.status}: ${run.reason}`],
    ["suite", `${name}@${suiteVersion}`],
    ["manifest", suite?.manifestSha256 ?? "not stored"],
    [
      "tasks",
      `${taskIds.size}: ${selection === null ? "a choice" : selection === "suite" ? "all" : `split ${selection}`}`,
    ],
    ...flat("version", versions),
    ["trials", `${trials}`],
    ["base seed", `${baseSeed}`],
    ["salt of the seeds", isSalted(run) ? "private" : "none"],
    ["fingerprint", fingerprint],
    ["git commit", gitCommit ?? "unknown"],
    ["git tree", gitDirty === null ? "unknown" : gitDirty ? "with changes that are in no commit" : "clean"],
    ["planned at", timeText(run.createdAt)],
    ["ended at", run.endedAt === null ? "not ended" : timeText(run.endedAt)],
    ...requestsIn(filter).flatMap((request, i, all) =>
      flat(all.length === 1 ? "asked for" : `asked for (${i + 1})`, request),
    ),
  ];
}

/** A run that was added to has several. */
const requestsIn = (filter: RunRecord["filter"]): readonly unknown[] =>
  Array.isArray(filter["asked"]) ? filter["asked"] : [filter];

/** Retries, time-outs, rates and budgets, as the run kept them. */
export const policyFacts = ({ policy, config, prices }: RunRecord): Fact[] => [
  ...flat("policy", policy),
  ...flat("config", config),
  ...flat("price", prices),
];

const IDENTITY = {
  kind: "kind",
  harness: "harness",
  harnessVersion: "harness version",
  promptSha256: "prompts",
  model: "model",
  modelVersion: "model version",
  provider: "provider",
  baseUrlHost: "host",
  engineName: "engine",
  engineVersion: "engine version",
  hardware: "hardware",
  quantization: "quantisation",
  contextTokens: "context tokens",
  deployment: "where",
} as const satisfies Partial<Record<keyof VariantRecord, string>>;

/** Who played. What is not known of a variant is left out. */
export function variantFacts(variant: VariantRecord): Fact[] {
  const known = Object.entries(IDENTITY).flatMap(([column, name]): Fact[] => {
    const value = variant[column as keyof typeof IDENTITY];
    return value === null ? [] : [[name, `${value}`]];
  });
  return [...known, ["assisted", variant.assisted ? "yes" : "no"], ...flat("sampling", variant.sampling)];
}

/** What the provider said that it was, call by call: one name throughout is a model that stayed what it was. */
export function answeredFacts({ variant, calls }: Pick<Entry, "variant" | "calls">): Fact[] {
  if (variant.kind !== "llm") return [];
  const answered = calls.filter(({ state }) => state === "ok");
  const names = groupBy(answered, ({ modelReturned }) => modelReturned ?? "no name");
  const told = [...names].map(([name, own]) => `${name} (${count(own.length, "call")})`);
  return [["answered as", told.length === 0 ? "no answer is stored" : told.join(", ")]];
}

const MOST_ITEMS = 60;

/** Nested data as one fact for each leaf: `policy.gpt.max_retries`. Lists of plain values are one fact. */
export function flat(name: string, value: unknown): Fact[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== "object") return [[name, leafText(value)]];
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) {
    const shown = value.slice(0, MOST_ITEMS).map(leafText).join(", ");
    return value.length === 0 ? [] : [[name, value.length > MOST_ITEMS ? `${shown}, …` : shown]];
  }
  return Object.entries(value).flatMap(([key, inner]) => flat(`${name} ${key}`, inner));
}

const leafText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** ISO time, UTC, without fractions of a second. A time that no calendar has is shown as it is. */
export function timeText(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? `${at} ms` : `${date.toISOString().slice(0, 19)}Z`;
}
