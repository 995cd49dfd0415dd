/** The five services, in the order a request meets them. */
export const SERVICES = ["load_balancer", "web_server", "cache", "database", "message_queue"] as const;
export type ServiceName = (typeof SERVICES)[number];

/** Web hosts behind the load balancer. */
export const WEB_HOSTS = 4;

/** Who calls whom: what `check_status` pings from inside a service. */
export const DEPENDENCIES: Readonly<Record<ServiceName, readonly ServiceName[]>> = {
  load_balancer: ["web_server"],
  web_server: ["cache", "database", "message_queue"],
  cache: [],
  database: [],
  message_queue: ["database"],
};

/** Name of web host `i` (0-based), as agents see it. */
export const hostName = (i: number): string => `web-${i + 1}`;
