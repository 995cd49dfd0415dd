import { z } from "zod";
import { TICK_SECONDS } from "../time.ts";
import { applySettings, defineFault, DrawnNumber, drawn, Setting } from "./define.ts";

export const credential = defineFault({
  class: "credential",
  summary: "A certificate or token is wrong or expired.",
  params: {
    set: z.array(Setting).optional(),
    /** The certificate in use passes its last second this long after the onset. */
    expires: z.strictObject({ service: z.enum(["load_balancer", "message_queue"]), after_s: DrawnNumber }).optional(),
  },
  apply: (state, { set = [], expires }) => {
    applySettings(state, set);
    if (expires === undefined) return;
    const id = state.config[expires.service].tls_cert_id;
    for (const certificate of state.certificates) {
      if (certificate.id === id) {
        certificate.notAfterTick = state.tick + Math.ceil(drawn(expires.after_s) / TICK_SECONDS);
      }
    }
  },
});
