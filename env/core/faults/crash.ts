import { z } from "zod";
import { WEB_HOSTS } from "../topology.ts";
import { defineFault, DrawnNumber, drawn } from "./define.ts";

export const crash = defineFault({
  class: "crash",
  summary: "A process or its workers exited or hang; a restart cures it.",
  params: {
    /** Process that is gone. */
    down: z.enum(["cache", "database", "message_queue"]).optional(),
    /** Web hosts whose workers died, how many workers are left there, and no supervisor. */
    dead_workers: z.strictObject({ hosts: z.int().min(1).max(WEB_HOSTS), alive: DrawnNumber }).optional(),
    /** Share of consumers that hang. */
    hung_consumers: DrawnNumber.optional(),
    /** Share of deliveries held by consumers of an old generation. */
    stale_sessions: DrawnNumber.optional(),
  },
  apply: (state, params) => {
    if (params.down === "cache") state.cache.up = false;
    if (params.down === "database") state.database.up = false;
    if (params.down === "message_queue") state.queue.up = false;
    if (params.dead_workers !== undefined) {
      state.web.respawn = false;
      const alive = drawn(params.dead_workers.alive);
      // The hosts beginning with the unlucky one, which the seed chose.
      for (let i = 0; i < params.dead_workers.hosts; i += 1) {
        state.web.aliveShare[(state.edge.pinnedHost + i) % WEB_HOSTS] = alive;
      }
    }
    if (params.hung_consumers !== undefined) state.queue.hungShare = drawn(params.hung_consumers);
    if (params.stale_sessions !== undefined) state.queue.staleSessions = drawn(params.stale_sessions);
  },
});
