import type { GateRules } from "../../env/store/store.ts";
import type { PlannedSlot } from "../plan.ts";
import type { NamedModel } from "../provider/config.ts";
import { gateRules } from "../provider/policy.ts";
import type { Policy } from "../provider/policy.ts";
import { groupBy } from "../report/group-by.ts";
import type { Variant } from "../variants.ts";
import { paceMs } from "./pace.ts";
import { rangeOf, sumOf } from "./range.ts";
import type { Range } from "./range.ts";
import { callsOf, callsOfAll } from "./use.ts";
import type { EpisodeUse } from "./use.ts";

/** Calls that share a gate. */
export interface EndpointPreview {
  /** Origin, and the variable of the key. */
  readonly endpoint: string;
  /** Labels of those who call it. */
  readonly agents: readonly string[];
  readonly calls: Range;
  /** Shortest time that the gate allows, in milliseconds: every answer at once. */
  readonly gateMs: Range;
  /** What is expected with answers as slow as they were before; null when none was seen. */
  readonly withLatencyMs: number | null;
}

/** A slot whose agent asks a model, and what is known of its calls. */
interface AskingSlot {
  readonly slot: PlannedSlot;
  readonly use: EpisodeUse;
  readonly rules: GateRules;
}

/** @param slots in the order of play */
export function endpointsOf(
  slots: readonly PlannedSlot[],
  useOf: (variant: Variant) => EpisodeUse | null,
  policyOf: (model: NamedModel) => Policy,
): EndpointPreview[] {
  const rules = new Map<NamedModel, GateRules>();
  const rulesOf = (model: NamedModel): GateRules => {
    const known = rules.get(model) ?? gateRules(policyOf(model));
    rules.set(model, known);
    return known;
  };
  const asking = slots.flatMap((slot) => {
    const { model } = slot.variant;
    const use = useOf(slot.variant);
    return model === null || use === null ? [] : [{ slot, use, rules: rulesOf(model), endpoint: endpointOf(model) }];
  });
  return [...groupBy(asking, ({ endpoint }) => endpoint)].map(([endpoint, here]) => endpointPreview(endpoint, here));
}

/** Models of one origin and key share a gate; here a key is known by its variable alone. */
function endpointOf({ entry }: NamedModel): string {
  const { origin } = new URL(entry.base_url);
  return entry.api_key_env === undefined ? origin : `${origin} (${entry.api_key_env})`;
}

function endpointPreview(endpoint: string, here: readonly AskingSlot[]): EndpointPreview {
  const byVariant = [...groupBy(here, ({ slot }) => slot.variant)];
  const latencyMs = meanLatencyMs(here);
  return {
    endpoint,
    agents: byVariant.map(([{ label }]) => label),
    calls: sumOf(byVariant.map(([, own]) => callsOfOne(own))),
    gateMs: rangeOf((bound) => paced(here, bound, 0)),
    withLatencyMs: latencyMs === null ? null : paced(here, "expected", latencyMs),
  };
}

function callsOfOne(own: readonly AskingSlot[]): Range {
  const [first] = own;
  const slots = own.map(({ slot }) => slot);
  return first === undefined ? sumOf([]) : callsOfAll(slots, first.use);
}

function paced(here: readonly AskingSlot[], bound: keyof Range, latencyMs: number): number {
  let [owed, made] = [0, 0]; // an expected 8.3 calls are 8 in most episodes, and 9 in some
  const episodes = here.map(({ slot, use, rules }) => {
    owed += callsOf(slot, use)[bound];
    const calls = Math.round(owed) - made;
    made += calls;
    return { rules, calls };
  });
  return Math.round(paceMs(episodes, latencyMs));
}

/** Over the calls of those that were seen before. */
function meanLatencyMs(here: readonly AskingSlot[]): number | null {
  const seen = here.filter(({ use }) => use.latencyMs !== null);
  const calls = seen.reduce((sum, { use }) => sum + use.calls, 0);
  const ms = seen.reduce((sum, { use }) => sum + (use.latencyMs ?? 0) * use.calls, 0);
  return calls === 0 ? null : Math.round(ms / calls);
}
