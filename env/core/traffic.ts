/** The four request classes: share of traffic and CPU seconds of each. */
export const TRAFFIC = {
  read: { share: 0.7, cpu: 0.006 },
  user: { share: 0.179, cpu: 0.008 },
  write: { share: 0.12, cpu: 0.01 },
  export: { share: 0.001, cpu: 0.05 },
} as const;

/** How long an export streams, in seconds. */
export const EXPORT_SECONDS = 25;

/** Requests per second of an ordinary hour, before the seed's ± 3 %. */
export const BASE_RPS = 1200;
