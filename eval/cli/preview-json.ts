import type { Plan } from "../plan.ts";
import { rankingNotes } from "../preview/notes.ts";
import type { ModelPreview, Preview } from "../preview/preview.ts";
import { rangeOf } from "../preview/range.ts";
import type { Range } from "../preview/range.ts";

/** For programs. Ranges have `least`, `expected` and `most`; `basis` is how many stored episodes the expected rests on. */
export const previewJson = (plan: Plan, preview: Preview) => ({
  agents: plan.variants.map(({ label }) => label),
  tasks: plan.tasks.map(({ id }) => id),
  trials: plan.trials,
  split: plan.split,
  shard: plan.shard,
  episodes: preview.slots,
  fingerprint: plan.fingerprint,
  calls: preview.calls,
  least_seconds: inSeconds(preview.gateMs),
  seconds_with_latency: seconds(preview.withLatencyMs),
  cost_usd: inDollars(preview.costUusd),
  unpriced: preview.unpriced,
  by_agent: preview.agents.map(({ label, slots, asks, programMs }) => ({
    agent: label,
    episodes: slots,
    ...(asks === null ? {} : modelJson(asks)),
    ...(programMs === null ? {} : { most_seconds: programMs / 1000 }),
  })),
  by_endpoint: preview.endpoints.map(({ endpoint, agents, calls, gateMs, withLatencyMs }) => ({
    endpoint,
    agents,
    calls,
    least_seconds: inSeconds(gateMs),
    seconds_with_latency: seconds(withLatencyMs),
  })),
  not_ranked: rankingNotes(plan),
});

const modelJson = ({ calls, inputTokens, outputTokens, costUusd, use }: ModelPreview) => ({
  calls,
  input_tokens: inputTokens,
  output_tokens: outputTokens,
  cost_usd: costUusd === null ? null : inDollars(costUusd),
  basis: use.episodes,
});

const inSeconds = (ms: Range): Range => rangeOf((bound) => Math.ceil(ms[bound] / 1000));

const inDollars = (uusd: Range): Range => rangeOf((bound) => uusd[bound] / 1e6);

const seconds = (ms: number | null): number | null => (ms === null ? null : Math.round(ms / 1000));
