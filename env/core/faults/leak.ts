import { z } from "zod";
import { WEB_HOSTS } from "../topology.ts";
import { defineFault, DrawnNumber, drawn } from "./define.ts";

export const leak = defineFault({
  class: "leak",
  summary: "A release leaks memory or connections.",
  params: {
    /** Megabytes lost per 1,000 requests and host. */
    memory_mb: DrawnNumber.optional(),
    /** Share of pooled connections lost per tick. */
    connections: DrawnNumber.optional(),
    /** Memory of each host at the onset, beginning with the unlucky one. */
    memory_at_onset_mb: z.array(DrawnNumber).length(WEB_HOSTS).optional(),
    /** Share of pooled connections gone at the onset. */
    connections_gone: DrawnNumber.optional(),
  },
  apply: (state, params) => {
    const { web } = state;
    // The release that leaks is the newest; it was rolled out some time before the page.
    const release = state.releases.at(-1);
    if (release === undefined) throw new RangeError("leak: there is no release to blame.");
    release.leakMb = drawn(params.memory_mb ?? 0);
    release.connectionLeak = drawn(params.connections ?? 0);
    state.config.web_server.app_version = release.version;
    web.leakedPool = drawn(params.connections_gone ?? 0);
    params.memory_at_onset_mb?.forEach((memory, i) => {
      web.memoryMb[(state.edge.pinnedHost + i) % WEB_HOSTS] = drawn(memory);
    });
  },
});
