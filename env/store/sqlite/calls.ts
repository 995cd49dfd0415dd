import type { Database } from "better-sqlite3";
import type { Engine } from "../engine.ts";
import { RunEventRecord } from "../episode-records.ts";
import { StoreError } from "../errors.ts";
import { afterCall, closedGate, decide } from "../gate.ts";
import type { GateFacts, GateRules, TakeMoment } from "../gate.ts";
import { breakerEvent, gateEnd, permitFor, startedCall } from "../permits.ts";
import { CallEnd, GateRecord, ProviderCallRecord } from "../provider-records.ts";
import type { CallFilter, NewCall } from "../provider-records.ts";
import { columnsOf, decodeRow, encodeRow } from "../rows.ts";
import type { Row } from "../rows.ts";
import type { Held, Permit, Settled } from "../store.ts";
import { insert, reader } from "./statements.ts";

/** Permits, the calls that they are for, and the gates that give them. */
export function callStatements(db: Database) {
  const call = reader(db, "provider_call", ProviderCallRecord, "SELECT * FROM provider_call WHERE call_id = ?");
  const gate = reader(db, "gate", GateRecord, "SELECT * FROM gate WHERE endpoint_key = ?");
  const insertCall = insert(db, "provider_call", ProviderCallRecord);
  const finish = db.prepare<[Row]>(`UPDATE provider_call SET ${assignments(CallEnd, "@")} WHERE call_id = @call_id`);
  const lose = db.prepare("UPDATE provider_call SET state = 'lost' WHERE run_id = ? AND state = 'in_flight'");
  const factsOf = factsReader(db, gate.first);
  const upsertGate = insert(
    db,
    "gate",
    GateRecord,
    `ON CONFLICT (endpoint_key) DO UPDATE SET ${assignments(GateRecord, "excluded.")}`,
  );
  const saveGate = (record: GateRecord) => upsertGate.run(encodeRow("gate", GateRecord, record));
  const insertEvent = insert(db, "run_event", RunEventRecord);
  const addEvent = (event: RunEventRecord | null) =>
    event === null ? null : insertEvent.run(encodeRow("run_event", RunEventRecord, event));

  const take = db.transaction((newCall: NewCall, rules: GateRules, moment: TakeMoment): Permit | Held => {
    const row = encodeRow("provider_call", ProviderCallRecord, startedCall(newCall, moment.at));
    const started = decodeRow("provider_call", ProviderCallRecord, row);
    const decision = decide(factsOf(started, rules), rules, moment);
    if (decision.halfOpened) {
      saveGate(decision.gate);
      addEvent(breakerEvent(started.runId, moment.at, "half_opened", decision.gate));
    }
    if (decision.holds.length > 0) return { status: "held", holds: decision.holds };
    insertCall.run(row);
    const permit = permitFor(started, decision.gate);
    if (permit.isProbe) saveGate({ ...decision.gate, probeCallId: started.callId });
    return permit;
  });

  const settle = db.transaction((permit: Permit, rules: GateRules, end: CallEnd): Settled => {
    const row = encodeRow("provider_call", CallEnd, { ...end, callId: permit.callId });
    const known = call.first(permit.callId);
    if (known === null) throw new StoreError("NOT_FOUND", `Call "${permit.callId}".`);
    if (known.state !== "in_flight") return { change: null };
    finish.run(row);
    const before = gate.first(permit.endpointKey) ?? closedGate(permit.endpointKey);
    const after = afterCall(before, rules, gateEnd(permit, end));
    saveGate(after.gate);
    addEvent(breakerEvent(known.runId, end.finishedAt, after.change, after.gate));
    return { change: after.change };
  });

  return {
    takePermit: (newCall, rules, moment) => take.immediate(newCall, rules, moment),
    settlePermit: (permit, rules, end) => settle.immediate(permit, rules, end),
    loseCalls: (runId) => lose.run(runId).changes,
    calls: (filter = {}) => selectCalls(db, filter),
    gate: (endpointKey) => gate.first(endpointKey),
  } satisfies Partial<Engine>;
}

type Sent = Pick<ProviderCallRecord, "endpointKey" | "sentAt">;

/** Reads what a decision rests on. */
function factsReader(db: Database, gateOf: (endpointKey: string) => GateRecord | null) {
  const ofEndpoint = "FROM provider_call WHERE endpoint_key = @endpointKey";
  const inFlight = db.prepare<[object], { callId: string; sentAt: number }>(
    `SELECT call_id AS callId, sent_at AS sentAt ${ofEndpoint} AND sent_at > @since AND state = 'in_flight'
     ORDER BY sent_at, call_id`,
  );
  const startOf = db
    .prepare<[object], number>(`SELECT sent_at ${ofEndpoint} ORDER BY sent_at DESC LIMIT 1 OFFSET @later`)
    .pluck();
  return ({ endpointKey, sentAt }: Sent, rules: GateRules): GateFacts => ({
    gate: gateOf(endpointKey) ?? closedGate(endpointKey),
    inFlight: inFlight.all({ endpointKey, since: sentAt - rules.inFlightExpiryMs }),
    lastStart: startOf.get({ endpointKey, later: 0 }) ?? null,
    windowStart: rules.rateLimit === 0 ? null : (startOf.get({ endpointKey, later: rules.rateLimit - 1 }) ?? null),
  });
}

/** `state = @state, …` for all columns of a record but its key, which comes first. */
const assignments = (schema: Parameters<typeof columnsOf>[0], source: "@" | "excluded."): string =>
  columnsOf(schema)
    .slice(1)
    .map(({ column }) => `${column} = ${source}${column}`)
    .join(", ");

/** One fixed condition for each part of the filter. */
const CONDITIONS: Readonly<Record<keyof CallFilter, string>> = {
  runId: "run_id = @runId",
  episodeId: "episode_id = @episodeId",
  endpointKey: "endpoint_key = @endpointKey",
};

function selectCalls(db: Database, filter: CallFilter): ProviderCallRecord[] {
  const given = Object.entries(CONDITIONS).filter(([name]) => filter[name as keyof CallFilter] !== undefined);
  const where = given.length === 0 ? "" : `WHERE ${given.map(([, condition]) => condition).join(" AND ")}`;
  const order = "ORDER BY sent_at, request_no, attempt, call_id";
  const rows = db.prepare<[CallFilter], Row>(`SELECT * FROM provider_call ${where} ${order}`).all(filter);
  return rows.map((row) => decodeRow("provider_call", ProviderCallRecord, row));
}
