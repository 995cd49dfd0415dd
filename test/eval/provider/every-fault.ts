import pLimit from "p-limit";
import { openMemoryStore } from "../../../env/store/memory.ts";
import { ContextExceeded, ProviderError } from "../../../agents/llm/errors.ts";
import { faults } from "../../../eval/mock-provider/faults.ts";
import type { FaultName } from "../../../eval/mock-provider/faults.ts";
import { startMockProvider } from "../../../eval/mock-provider/server.ts";
import { openConnections } from "../../../eval/provider/connections.ts";
import { ASK, going, realModel } from "./real.ts";

export interface Endings {
  readonly requests: number;
  readonly calls: number;
  /** By what it was: `reply`, `context_exceeded`, or the class of the provider's error. */
  readonly endings: Readonly<Record<string, number>>;
  /** Requests that ended as nothing that the port allows, and calls that never ended. */
  readonly undefined: number;
}

/**
 * Meets every fault of the mock in real time, several requests at once, and counts how each request ended.
 * @param rounds requests for each fault
 */
export async function meetEveryFault(rounds: number): Promise<Endings> {
  const mock = await startMockProvider();
  const connections = openConnections();
  const store = openMemoryStore();
  const policy = {
    attempt_timeout_s: 1,
    max_retries: 0,
    breaker_threshold: 1000,
    max_in_flight: 8,
    max_retry_after_s: 0,
  };
  const endings: Record<string, number> = {};
  const ask = async (fault: FaultName): Promise<void> => {
    const { model } = realModel(mock.baseUrl(fault), { connections, store, policy });
    const ending = await model
      .forEpisode(null)
      .complete(ASK, going)
      .then(() => "reply", endingOf);
    endings[ending] = (endings[ending] ?? 0) + 1;
  };
  const limit = pLimit(8);
  const wanted = Object.keys(faults).flatMap((name) => Array<FaultName>(rounds).fill(name as FaultName));
  await Promise.all(wanted.map((fault) => limit(() => ask(fault))));
  await connections.close();
  await mock.close();
  const calls = await store.calls();
  const open = calls.filter(({ state }) => state === "in_flight").length;
  return { requests: wanted.length, calls: calls.length, endings, undefined: (endings[UNDEFINED] ?? 0) + open };
}

const UNDEFINED = "undefined";

function endingOf(error: unknown): string {
  if (error instanceof ContextExceeded) return "context_exceeded";
  return error instanceof ProviderError ? error.class : UNDEFINED;
}
