import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { openSqliteStore } from "../../../env/store/sqlite/results.ts";
import type { GateRules } from "../../../env/store/store.ts";
import { systemClock } from "../../../eval/clock.ts";
import { Gate } from "../../../eval/provider/gate.ts";
import { aCall, okEnd } from "../../env/store/fixtures.ts";

/**
 * Started by `processes.test.ts`: makes calls through a gate that other processes share. Prints a line for each call
 * that it begins.
 * Usage: call-provider.ts FILE CALLS LATENCY_MS RULES_JSON
 */
const [file = "", calls = "", latency = "", rulesText = ""] = process.argv.slice(2);
const rules = JSON.parse(rulesText) as GateRules;
const store = await openSqliteStore(file);
const gate = new Gate({ store, clock: systemClock });
const signal = new AbortController().signal;
for (let i = 0; i < Number(calls); i += 1) {
  const { permit } = await gate.take(aCall(randomUUID()), { rules, notBefore: 0, signal });
  process.stdout.write("sent\n");
  await wait(Number(latency));
  await gate.settle(permit, rules, okEnd(systemClock.now()));
}
await store.close();
