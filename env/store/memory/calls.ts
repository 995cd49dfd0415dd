import type { Engine } from "../engine.ts";
import type { RunEventRecord } from "../episode-records.ts";
import { StoreError } from "../errors.ts";
import { afterCall, closedGate, decide } from "../gate.ts";
import type { GateFacts, GateRules } from "../gate.ts";
import { breakerEvent, gateEnd, permitFor, startedCall } from "../permits.ts";
import { CallEnd, GateRecord, ProviderCallRecord } from "../provider-records.ts";
import type { CallFilter } from "../provider-records.ts";
import { asStored } from "../rows.ts";
import { addEvent } from "./runs.ts";
import { byBytes, copied, found } from "./tables.ts";
import type { Tables } from "./tables.ts";

/** Permits, the calls that they are for, and the gates that give them. */
export function callTables(tables: Tables) {
  const { calls, gates } = tables;
  const save = (gate: GateRecord) => gates.set(gate.endpointKey, asStored("gate", GateRecord, gate));
  const note = (event: RunEventRecord | null) => (event === null ? null : addEvent(tables, event));

  return {
    takePermit: (newCall, rules, moment) => {
      const started = asStored("provider_call", ProviderCallRecord, startedCall(newCall, moment.at));
      const decision = decide(factsOf(tables, started, rules), rules, moment);
      if (decision.holds.length === 0) assertFits(tables, started);
      if (decision.halfOpened) {
        save(decision.gate);
        note(breakerEvent(started.runId, moment.at, "half_opened", decision.gate));
      }
      if (decision.holds.length > 0) return { status: "held", holds: decision.holds };
      calls.set(started.callId, started);
      const permit = permitFor(started, decision.gate);
      if (permit.isProbe) save({ ...decision.gate, probeCallId: started.callId });
      return permit;
    },
    settlePermit: (permit, rules, end) => {
      const ended = asStored("provider_call", CallEnd, { ...end, callId: permit.callId });
      const known = found(calls, "Call", permit.callId);
      if (known.state !== "in_flight") return { change: null };
      Object.assign(known, ended);
      const before = gates.get(permit.endpointKey) ?? closedGate(permit.endpointKey);
      const after = afterCall(before, rules, gateEnd(permit, end));
      save(after.gate);
      note(breakerEvent(known.runId, end.finishedAt, after.change, after.gate));
      return { change: after.change };
    },
    loseCalls: (runId) => loseCalls(tables, runId),
    calls: (filter = {}) => copied([...calls.values()].filter((call) => matches(call, filter)).toSorted(bySending)),
    gate: (endpointKey) => copied(gates.get(endpointKey) ?? null),
  } satisfies Partial<Engine>;
}

export function loseCalls({ calls }: Tables, runId: string): number {
  const lost = [...calls.values()].filter((call) => call.runId === runId && call.state === "in_flight");
  for (const call of lost) Object.assign(call, { state: "lost" });
  return lost.length;
}

function factsOf({ calls, gates }: Tables, { endpointKey, sentAt }: ProviderCallRecord, rules: GateRules): GateFacts {
  const sent = [...calls.values()].filter((call) => call.endpointKey === endpointKey).toSorted(bySending);
  const since = sentAt - rules.inFlightExpiryMs;
  return {
    gate: gates.get(endpointKey) ?? closedGate(endpointKey),
    inFlight: sent.filter((call) => call.state === "in_flight" && call.sentAt > since),
    lastStart: sent.at(-1)?.sentAt ?? null,
    windowStart: rules.rateLimit === 0 ? null : (sent.at(-rules.rateLimit)?.sentAt ?? null),
  };
}

/** What the database's own constraints refuse. */
function assertFits({ runs, episodes, calls }: Tables, call: ProviderCallRecord): void {
  if (call.runId !== null && !runs.has(call.runId)) throw refuse(`run_id: "${call.runId}" is not stored.`);
  if (call.episodeId !== null && !episodes.has(call.episodeId)) {
    throw refuse(`episode_id: "${call.episodeId}" is not stored.`);
  }
  if (calls.has(call.callId)) throw refuse(`call_id: "${call.callId}" is stored already.`);
  const isTwin = (other: ProviderCallRecord) =>
    other.episodeId === call.episodeId && other.requestNo === call.requestNo && other.attempt === call.attempt;
  if (call.episodeId !== null && [...calls.values()].some(isTwin)) {
    throw refuse(`attempt: request ${call.requestNo}, attempt ${call.attempt} is stored already.`);
  }
}

const refuse = (detail: string): StoreError => new StoreError("CONSTRAINT", `provider_call.${detail}`);

const matches = (call: ProviderCallRecord, { runId, episodeId, endpointKey }: CallFilter): boolean =>
  (runId === undefined || call.runId === runId) &&
  (episodeId === undefined || call.episodeId === episodeId) &&
  (endpointKey === undefined || call.endpointKey === endpointKey);

const bySending = (a: ProviderCallRecord, b: ProviderCallRecord): number =>
  a.sentAt - b.sentAt || a.requestNo - b.requestNo || a.attempt - b.attempt || byBytes(a.callId, b.callId);
