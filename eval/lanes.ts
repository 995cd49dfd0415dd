import type { Players } from "./players.ts";
import type { Stops } from "./stops.ts";
import type { Variant } from "./variants.ts";

/** Variants whose failures and limits are shared, and how many of their episodes are played at once. */
export interface Lane {
  /** Null: nobody outside is asked. */
  readonly endpoint: string | null;
  readonly variants: readonly Variant[];
  readonly width: number;
}

/**
 * A lane for each endpoint, so that an agent that waits for its provider holds up none that does not.
 * @param concurrency episodes at once where no endpoint bounds them
 */
export function lanesOf(
  variants: readonly Variant[],
  players: Pick<Players, "endpointOf" | "atOnce">,
  concurrency: number,
): Lane[] {
  const endpoints = [...new Set(variants.map((variant) => players.endpointOf(variant)))];
  return endpoints.map((endpoint) => ({
    endpoint,
    variants: variants.filter((variant) => players.endpointOf(variant) === endpoint),
    width: (endpoint === null ? null : players.atOnce(endpoint)) ?? concurrency,
  }));
}

/**
 * Lets the workers of every lane take turns until they find nothing more to do. When a turn throws, the others end what
 * they have begun.
 * @param turn false when there is none
 * @throws what the first turn that failed has thrown
 */
export async function inLanes(
  lanes: readonly Lane[],
  turn: (lane: Lane) => Promise<boolean>,
  stops: Stops,
): Promise<void> {
  const worker = async (lane: Lane): Promise<void> => {
    try {
      while (await turn(lane));
    } catch (error) {
      stops.ask("now", "a failure of this program");
      throw error;
    }
  };
  const ends = await Promise.allSettled(
    lanes.flatMap((lane) => Array.from({ length: lane.width }, () => worker(lane))),
  );
  const failed = ends.find((end) => end.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
