import { decide } from "../../env/store/gate.ts";
import type {
  GateRules,
  GateState,
  ProviderCallRecord,
  ResultStore,
  RunRecord,
  WaitCause,
} from "../../env/store/store.ts";
import { groupBy } from "../report/group-by.ts";
import { gateRules, PartialPolicy, POLICY_NAMES, policySettings } from "../provider/policy.ts";
import type { Policy } from "../provider/policy.ts";

/** A provider's endpoint, as far as a run waits for it. */
export interface EndpointStatus {
  /** Agents that call it. */
  readonly agents: readonly string[];
  readonly breaker: GateState;
  /** What holds a call up that would be sent now: why, and for how many milliseconds at most. */
  readonly holds: readonly { readonly cause: WaitCause; readonly ms: number }[];
  /** Calls of this run that wait for their reply: sent when, in epoch milliseconds. */
  readonly inFlight: readonly { readonly model: string; readonly sentAt: number }[];
  /** The latest call that ended, when it failed. */
  readonly lastFailure: { readonly errorClass: string; readonly httpStatus: number | null; readonly at: number } | null;
}

/** A call with the label of the agent that made it. */
export interface AgentCall {
  readonly agent: string;
  readonly call: ProviderCallRecord;
}

/** The endpoints that some calls of a run went to, asked in the way in which the next call will ask. */
export async function endpointStatuses(
  store: Pick<ResultStore, "gate">,
  run: Pick<RunRecord, "policy">,
  calls: readonly AgentCall[],
  now: number,
): Promise<EndpointStatus[]> {
  const endpoints = groupBy(calls, ({ call }) => call.endpointKey);
  return Promise.all(
    [...endpoints].map(async ([endpointKey, known]): Promise<EndpointStatus> => {
      const agents = [...new Set(known.map(({ agent }) => agent))].toSorted();
      const own = known.map(({ call }) => call);
      const inFlight = own.filter(({ state }) => state === "in_flight");
      const gate = await store.gate(endpointKey);
      const rules = rulesOf(run, agents[0] ?? "");
      const starts = own.map(({ sentAt }) => sentAt).toSorted((a, b) => b - a);
      const facts = {
        inFlight,
        lastStart: starts[0] ?? null,
        windowStart: rules.rateLimit === 0 ? null : (starts[rules.rateLimit - 1] ?? null),
      };
      const moment = { at: now, served: [], backoffMs: 0 };
      const decision = gate === null ? null : decide({ ...facts, gate }, rules, moment);
      return {
        agents,
        breaker: decision?.gate.state ?? "closed",
        holds: (decision?.holds ?? [])
          .filter(({ cause }) => cause !== "in_flight")
          .map(({ cause, ms }) => ({ cause, ms })),
        inFlight: inFlight.map(({ modelRequested, sentAt }) => ({ model: modelRequested, sentAt })),
        lastFailure: lastFailure(own),
      };
    }),
  );
}

function lastFailure(calls: readonly ProviderCallRecord[]): EndpointStatus["lastFailure"] {
  const ended = calls.filter(({ state }) => state === "ok" || state === "failed");
  const last = ended.reduce<ProviderCallRecord | null>(
    (latest, call) => ((call.finishedAt ?? 0) >= (latest?.finishedAt ?? 0) ? call : latest),
    null,
  );
  if (last?.state !== "failed") return null;
  return { errorClass: last.errorClass ?? "unknown", httpStatus: last.httpStatus, at: last.finishedAt ?? last.sentAt };
}

/** The rules that the run keeps for the model that an agent is named after; where none are stored, such as hold nothing up. */
function rulesOf({ policy }: Pick<RunRecord, "policy">, agent: string): GateRules {
  const [name] = agent.slice(agent.indexOf(":") + 1).split("+");
  const stored = PartialPolicy.safeParse(policy[name ?? ""]);
  const values = POLICY_NAMES.map((setting) => [
    setting,
    stored.data?.[setting] ?? policySettings[setting].presets.local,
  ]);
  return gateRules(Object.fromEntries(values) as Policy);
}
