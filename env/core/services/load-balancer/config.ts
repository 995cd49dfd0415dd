import { choice, flag, name, number } from "../keys.ts";

/** Keys of the load balancer. Ranges are public; envelopes are hidden (design: the world, section 3). */
export const loadBalancerKeys = {
  max_connections: number("Client connections held at once.", 8000, "connections", [100, 20_000], {
    envelope: [4000, 16_000],
  }),
  keepalive_s: number("How long an idle client connection is kept.", 15, "s", [0, 120], { envelope: [2, 30] }),
  idle_timeout_ms: number("A stream silent for this long is closed.", 60_000, "ms", [1000, 600_000], {
    envelope: [26_000, 300_000],
  }),
  health_check_path: choice(
    "Path that probes ask a web host for.",
    "/healthz",
    ["/healthz", "/readyz", "/status", "/"],
    ["/healthz", "/readyz"],
  ),
  health_check_timeout_ms: number("A probe slower than this has failed.", 2000, "ms", [5, 10_000], {
    envelope: [200, 5000],
  }),
  health_check_interval_s: number("Time between two probes of a host.", 10, "s", [2, 60], { envelope: [5, 30] }),
  unhealthy_threshold: number("Failed probes in a row that take a host out.", 3, "probes", [1, 10], {
    envelope: [2, 5],
  }),
  weight_web_1: number("Share of traffic for web-1, relative to the others.", 25, "weight", [0, 100]),
  weight_web_2: number("Share of traffic for web-2, relative to the others.", 25, "weight", [0, 100]),
  weight_web_3: number("Share of traffic for web-3, relative to the others.", 25, "weight", [0, 100]),
  weight_web_4: number("Share of traffic for web-4, relative to the others.", 25, "weight", [0, 100]),
  sticky_sessions: flag("Keep a client on the host that served it first.", false),
  tls_cert_id: name("Certificate shown to clients, from the inventory.", "edge-b", "certificate"),
  rate_limit_rps: number("Requests admitted per second; 0 is off.", 0, "req/s", [0, 20_000], {
    off: 0,
    offIsSafe: true,
  }),
  upstream_retries: number("Times a failed request is sent to a web host again.", 0, "retries", [0, 3], {
    envelope: [0, 1],
  }),
} as const;
