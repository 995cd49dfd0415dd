import type { EpisodeEntry } from "../../env/store/store.ts";
import type { Plan, PlannedSlot } from "../plan.ts";
import type { NamedModel } from "../provider/config.ts";
import { gateRules } from "../provider/policy.ts";
import type { Policy } from "../provider/policy.ts";
import { costUusd, priceAt } from "../provider/price.ts";
import type { PriceEntry } from "../provider/price.ts";
import type { Usage } from "../provider/usage.ts";
import type { Variant } from "../variants.ts";
import { paceMs } from "./pace.ts";
import { longestOf, rangeOf, sumOf } from "./range.ts";
import type { Range } from "./range.ts";
import { expectedUse, LEAST_CALLS, mostCalls, tokensOf } from "./use.ts";
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
  readonly endpoint: string;
  readonly calls: Range;
  readonly inputTokens: Range;
  readonly outputTokens: Range;
  /** Millionths of a US dollar; null: there is no price. */
  readonly costUusd: Range | null;
  /** Where what is expected comes from: that many stored episodes, or an assumption when none. */
  readonly use: EpisodeUse;
}

/** Calls that share a gate. */
export interface EndpointPreview {
  /** Origin, and the variable of the key where several are in use. */
  readonly endpoint: string;
  readonly agents: readonly string[];
  readonly calls: Range;
  readonly gateMs: Range;
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
  const agents = plan.variants
    .map((variant) =>
      agentOf(
        variant,
        plan.slots.filter((slot) => slot.variant.id === variant.id),
        sources,
      ),
    )
    .filter(({ slots }) => slots > 0);
  const models = agents.flatMap(({ label, asks }) => (asks === null ? [] : [{ label, ...asks }]));
  const gates = gatesOf(plan, agents, sources);
  const latencies = gates.map(({ withLatencyMs }) => withLatencyMs).filter((ms) => ms !== null);
  return {
    slots: plan.slots.length,
    calls: sumOf(models.map(({ calls }) => calls)),
    gateMs: longestOf(gates.map(({ gateMs }) => gateMs)),
    withLatencyMs: latencies.length === 0 ? null : Math.max(...latencies),
    costUusd: sumOf(models.flatMap((model) => model.costUusd ?? [])),
    unpriced: models.filter((model) => model.costUusd === null).map(({ label }) => label),
    agents,
    endpoints: gates.map(({ withLatencyMs: _latency, ...endpoint }) => endpoint),
  };
}

function agentOf(variant: Variant, slots: readonly PlannedSlot[], sources: PreviewSources): AgentPreview {
  const { model, identity, label } = variant;
  const timeoutS = identity.kind === "command" ? Number(identity.sampling["timeout_s"]) : null;
  return {
    label,
    slots: slots.length,
    asks: model === null ? null : modelPreview(variant, model, slots, sources),
    programMs: timeoutS === null ? null : slots.length * timeoutS * 1000,
  };
}

function modelPreview(
  variant: Variant,
  model: NamedModel,
  slots: readonly PlannedSlot[],
  { prices, history, now }: PreviewSources,
): ModelPreview {
  const use = expectedUse(variant, history);
  const price = priceAt(prices, model.entry.model, now);
  const used = (bound: keyof Range): Usage =>
    total(slots.map((slot) => tokensOf(variant, use, callsOf(slot, use)[bound])));
  const tokens = { least: used("least"), expected: used("expected"), most: used("most") };
  return {
    endpoint: endpointOf(model),
    calls: rounded(sumOf(slots.map((slot) => callsOf(slot, use)))),
    inputTokens: rangeOf((bound) => tokens[bound].inputTokens),
    outputTokens: rangeOf((bound) => tokens[bound].outputTokens),
    costUusd: price === null ? null : rangeOf((bound) => costUusd(price, tokens[bound]) ?? 0),
    use,
  };
}

/** Calls of one episode; what was seen before may lie outside of what a well-behaved agent needs. */
function callsOf({ variant, task }: PlannedSlot, { calls }: EpisodeUse): Range {
  const most = mostCalls(variant, task.difficulty);
  const least = Math.min(LEAST_CALLS, most);
  return { least: Math.min(least, calls), expected: calls, most: Math.max(most, calls) };
}

const rounded = (range: Range): Range => rangeOf((bound) => Math.round(range[bound]));

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

/** Models of one origin and key share a gate; here a key is known by its variable alone. */
function endpointOf({ entry }: NamedModel): string {
  const { origin } = new URL(entry.base_url);
  return entry.api_key_env === undefined ? origin : `${origin} (${entry.api_key_env})`;
}

function gatesOf(plan: Plan, agents: readonly AgentPreview[], sources: PreviewSources) {
  const asking = agents.flatMap(({ label, asks }) => (asks === null ? [] : [{ label, asks }]));
  return [...new Set(asking.map(({ asks }) => asks.endpoint))].map((endpoint) => {
    const here = new Map(asking.filter(({ asks }) => asks.endpoint === endpoint).map((one) => [one.label, one.asks]));
    const rules = new Map(
      plan.variants.flatMap(({ label, model }) =>
        model === null ? [] : [[label, gateRules(sources.policyOf(model))]],
      ),
    );
    const slots = plan.slots.filter(({ variant }) => here.has(variant.label));
    const paced = (bound: keyof Range, latencyMs: number): number => {
      let [owed, made] = [0, 0]; // an expected 8.3 calls are 8 in most episodes, and 9 in some
      const episodes = slots.map((slot) => {
        owed += callsOf(slot, (here.get(slot.variant.label) as ModelPreview).use)[bound];
        const calls = Math.round(owed) - made;
        made += calls;
        return { rules: rules.get(slot.variant.label) as ReturnType<typeof gateRules>, calls };
      });
      return Math.round(paceMs(episodes, latencyMs));
    };
    const latency = latencyOf([...here.values()]);
    return {
      endpoint,
      agents: [...here.keys()],
      calls: sumOf([...here.values()].map(({ calls }) => calls)),
      gateMs: rangeOf((bound) => paced(bound, 0)),
      withLatencyMs: latency === null ? null : paced("expected", latency),
    };
  });
}

/** Mean over the calls of those that were seen before. */
function latencyOf(models: readonly ModelPreview[]): number | null {
  const seen = models.filter(({ use }) => use.latencyMs !== null);
  const calls = seen.reduce((sum, model) => sum + model.calls.expected, 0);
  const ms = seen.reduce((sum, model) => sum + (model.use.latencyMs ?? 0) * model.calls.expected, 0);
  return calls === 0 ? null : Math.round(ms / calls);
}
