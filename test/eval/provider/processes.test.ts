import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openSqliteStore } from "../../../env/store/sqlite/results.ts";
import type { GateRules, ProviderCallRecord } from "../../../env/store/store.ts";
import { systemClock } from "../../../eval/clock.ts";
import { Gate } from "../../../eval/provider/gate.ts";
import { aCall, okEnd, someRules } from "../../env/store/fixtures.ts";

const folder = mkdtempSync(join(tmpdir(), "oncall-gate-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A process of its own that makes calls; `first` resolves when it has begun one, `ended` with its exit code. */
function caller(file: string, calls: number, latencyMs: number, rules: GateRules) {
  const script = join(import.meta.dirname, "call-provider.ts");
  const argv = ["--import", "tsx", script, file, `${calls}`, `${latencyMs}`, JSON.stringify(rules)];
  const child = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"] });
  return {
    first: once(child.stdout, "data"),
    ended: once(child, "close").then(([code]) => code as number | null),
    kill: () => child.kill("SIGKILL"),
  };
}

/** Calls made from this process, through a store that is opened for them. */
async function callHere(file: string, calls: number, rules: GateRules): Promise<void> {
  const store = await openSqliteStore(file);
  const gate = new Gate({ store, clock: systemClock });
  const options = { rules, notBefore: 0, signal: new AbortController().signal };
  for (let i = 0; i < calls; i += 1) {
    const { permit } = await gate.take(aCall(randomUUID()), options);
    await gate.settle(permit, rules, okEnd(systemClock.now()));
  }
  await store.close();
}

async function callsIn(file: string): Promise<ProviderCallRecord[]> {
  const store = await openSqliteStore(file, { readOnly: true });
  try {
    return await store.calls();
  } finally {
    await store.close();
  }
}

test("processes that share an endpoint keep one policy together", async () => {
  const file = join(folder, "shared.db");
  await (await openSqliteStore(file)).close();
  const rules = someRules({ minIntervalMs: 20, rateLimit: 5, rateWindowMs: 400, maxInFlight: 1 });
  const callers = [caller(file, 8, 5, rules), caller(file, 8, 5, rules), caller(file, 8, 5, rules)];
  expect(await Promise.all(callers.map(({ ended }) => ended))).toEqual([0, 0, 0]);
  const calls = await callsIn(file);
  expect(calls).toHaveLength(24);
  const gaps = calls.slice(1).map(({ sentAt }, i) => sentAt - (calls[i]?.finishedAt ?? Infinity));
  const windows = calls.slice(5).map(({ sentAt }, i) => sentAt - (calls[i]?.sentAt ?? Infinity));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(20);
  expect(Math.min(...windows)).toBeGreaterThanOrEqual(400);
});

test("whoever opens the store again gets no fresh allowance", async () => {
  const file = join(folder, "again.db");
  const rules = someRules({ rateLimit: 3, rateWindowMs: 500 });
  for (const calls of [3, 1]) await callHere(file, calls, rules);
  const [first, , , fourth] = await callsIn(file);
  expect((fourth?.sentAt ?? 0) - (first?.sentAt ?? 0)).toBeGreaterThanOrEqual(500);
});

test("a process that is killed in the middle of a call holds the others up no longer than a call may take", async () => {
  const file = join(folder, "killed.db");
  const rules = someRules({ maxInFlight: 1, inFlightExpiryMs: 1000 });
  const killed = caller(file, 1, 60_000, rules);
  await killed.first;
  killed.kill();
  expect(await killed.ended).toBeNull();
  await callHere(file, 1, rules);
  const [dead, next] = await callsIn(file);
  expect(dead).toMatchObject({ state: "in_flight" });
  expect((next?.sentAt ?? 0) - (dead?.sentAt ?? 0)).toBeGreaterThanOrEqual(1000);
});
