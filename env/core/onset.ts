import { drawn } from "./faults/define.ts";
import type { State } from "./state.ts";
import type { Sibling } from "./task.ts";
import { runTicks } from "./tick.ts";

/** Runs the onset, phase by phase; also what judgement runs again where an incident has a trigger. */
export function runPhases(state: State, sibling: Sibling): void {
  for (const phase of sibling.onset) {
    state.load.surge = drawn(phase.load ?? sibling.load);
    state.database.stall = drawn(phase.stall ?? 1);
    if (phase.failover) failOver(state);
    runTicks(state, drawn(phase.ticks));
  }
  state.load.surge = drawn(sibling.load);
  state.database.stall = 1;
}

/** The standby becomes primary; a web tier that keeps resolved addresses for ever goes on talking to the old one. */
function failOver(state: State): void {
  state.database.failoverTicks = 0;
  if (state.config.web_server.dns_cache_ttl_s < 0) state.web.staleAddress = true;
}
