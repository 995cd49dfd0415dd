import type { ServiceName } from "../topology.ts";
import type { BackgroundLine } from "./background.ts";
import type { Revision } from "./revisions.ts";

/** Telemetry that depends on the instance alone, kept after the first time it is asked for. */
export interface TelemetryMemo {
  readonly revisions: Partial<Record<ServiceName, readonly Revision[]>>;
  readonly background: Partial<Record<ServiceName, readonly BackgroundLine[]>>;
}
