import pLimit from "p-limit";
import type { PlannedSlot } from "./plan.ts";
import type { Players } from "./players.ts";

/**
 * Plays slots in order, each within the lane of its endpoint, so that an agent that waits for its provider holds up none
 * that does not.
 * @param concurrency episodes at once where no endpoint bounds them
 */
export async function inLanes(
  slots: readonly PlannedSlot[],
  players: Pick<Players, "endpointOf" | "atOnce">,
  concurrency: number,
  play: (slot: PlannedSlot) => Promise<void>,
): Promise<void> {
  const lanes = new Map<string | null, ReturnType<typeof pLimit>>();
  const laneOf = (endpoint: string | null) => {
    const known = lanes.get(endpoint) ?? pLimit((endpoint === null ? null : players.atOnce(endpoint)) ?? concurrency);
    lanes.set(endpoint, known);
    return known;
  };
  await Promise.all(slots.map((slot) => laneOf(players.endpointOf(slot.variant))(() => play(slot))));
}
