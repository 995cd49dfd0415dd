import type { EpisodeEntry } from "../../env/store/store.ts";
import type { Plan, PlannedSlot } from "../plan.ts";
import type { NamedModel } from "../provider/config.ts";
import type { Policy } from "../provider/policy.ts";
import { costUusd, priceAt } from "../provider/price.ts";
import type { PriceEntry } from "../provider/price.ts";
import type { Usage } from "../provider/usage.ts";
import type { Variant } from "../variants.ts";
import { endpointsOf } from "./endpoints.ts";
import type { EndpointPreview } from "./endpoints.ts";
import { longestOf, rangeOf, sumOf } from "./range.ts";
import type { Range } from "./range.ts";
import { callsOf, callsOfAll, expectedUse, tokensOf } from "./use.ts";
import type { EpisodeUse } from "./use.ts";

/** What a run is expected to take, before anybody is called. */
export interface Preview {
  readonly slots: number;
  /** To providers of models; what outside programs call is not known. */
  readonly calls: Range;
  /** Shortest time that the gates allow, in milliseconds: endpoints side by side, every answer at once. */
  readonly gateMs: Range;
  /** The same with the latency that was seen before, as far as it was; null when it never was. */
  readonly withLatencyMs: number | null;
  /** Millionths of a US dollar, without what has no price. */
  readonly costUusd: Range;
  /** Labels of agents whose model has no price. */
  readonly unpriced: readonly string[];
  readonly agents: readonly AgentPreview[];
  readonly endpoints: readonly EndpointPreview[];
}

export interface AgentPreview {
  readonly label: string;
  readonly slots: number;
  /** Null: asks no model of ours. */
  readonly asks: ModelPreview | null;
  /** Longest time that an outside program may take for all its episodes, in milliseconds; null for any other agent. */
  readonly programMs: number | null;
}

export interface ModelPreview {
  readonly calls: Range;
  readonly inputTokens: Range;
  readonly outputTokens: Range;
  /** Millionths of a US dollar; null: there is no price. */
  readonly costUusd: Range | null;
  /** Where what is expected comes from: that many stored episodes, or an assumption when none. */
  readonly use: EpisodeUse;
}

/** What an estimate rests on. */
export interface PreviewSources {
  readonly policyOf: (model: NamedModel) => Policy;
  readonly prices: readonly PriceEntry[];
  /** Stored episodes of any agents. */
  readonly history: readonly EpisodeEntry[];
  /** Epoch milliseconds: prices have a date. */
  readonly now: number;
}

/** Estimates what the slots of a plan take. Nothing is called and no key is needed. */
export function previewOf(plan: Plan, sources: PreviewSources): Preview {
  const asking = plan.variants.filter(({ model }) => model !== null);
  const useOf = new Map(asking.map((variant) => [variant, expectedUse(variant, sources.history)]));
  const agents = plan.variants
    .map((variant) => {
      const slots = plan.slots.filter((slot) => slot.variant.id === variant.id);
      return agentOf(variant, slots, useOf.get(variant) ?? null, sources);
    })
    .filter(({ slots }) => slots > 0);
  const models = agents.flatMap(({ label, asks }) => (asks === null ? [] : [{ label, ...asks }]));
  const endpoints = endpointsOf(plan.slots, (variant) => useOf.get(variant) ?? null, sources.policyOf);
  const latencies = endpoints.flatMap(({ withLatencyMs }) => withLatencyMs ?? []);
  return {
    slots: plan.slots.length,
    calls: sumOf(models.map(({ calls }) => calls)),
    gateMs: longestOf(endpoints.map(({ gateMs }) => gateMs)),
    withLatencyMs: latencies.length === 0 ? null : Math.max(...latencies),
    costUusd: sumOf(models.flatMap((model) => model.costUusd ?? [])),
    unpriced: models.filter((model) => model.costUusd === null).map(({ label }) => label),
    agents,
    endpoints,
  };
}

function agentOf(
  variant: Variant,
  slots: readonly PlannedSlot[],
  use: EpisodeUse | null,
  sources: PreviewSources,
): AgentPreview {
  const { model, identity, label } = variant;
  const timeoutS = identity.kind === "command" ? Number(identity.sampling["timeout_s"]) : null;
  return {
    label,
    slots: slots.length,
    asks: model === null || use === null ? null : modelPreview(model, use, slots, sources),
    programMs: timeoutS === null ? null : slots.length * timeoutS * 1000,
  };
}

function modelPreview(
  model: NamedModel,
  use: EpisodeUse,
  slots: readonly PlannedSlot[],
  { prices, now }: PreviewSources,
): ModelPreview {
  const price = priceAt(prices, model.entry.model, now);
  const used = (bound: keyof Range): Usage =>
    total(slots.map((slot) => tokensOf(slot.variant, use, callsOf(slot, use)[bound])));
  const tokens = { least: used("least"), expected: used("expected"), most: used("most") };
  return {
    calls: callsOfAll(slots, use),
    inputTokens: rangeOf((bound) => tokens[bound].inputTokens),
    outputTokens: rangeOf((bound) => tokens[bound].outputTokens),
    costUusd: price === null ? null : rangeOf((bound) => costUusd(price, tokens[bound]) ?? 0),
    use,
  };
}

const total = (usages: readonly Usage[]): Usage => {
  const sum = (of: (usage: Usage) => number): number => Math.round(usages.reduce((all, usage) => all + of(usage), 0));
  return {
    inputTokens: sum(({ inputTokens }) => inputTokens),
    cachedTokens: sum(({ cachedTokens }) => cachedTokens),
    cacheWriteTokens: 0,
    outputTokens: sum(({ outputTokens }) => outputTokens),
    reasoningTokens: null,
  };
};
