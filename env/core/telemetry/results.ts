import type { ConfigValue } from "../services/keys.ts";
import type { ServiceName } from "../topology.ts";

/** Typed data of an observation's result. This file is the whole list of what an agent can be shown. */
export type ResultData = LogsData | MetricsData | StatusData | ConfigData | ConfigHistoryData | ChangeData;

export interface LogsData {
  readonly kind: "logs";
  readonly service: ServiceName;
  /** At most twelve, oldest first: `02:16:40 WARN …`. */
  readonly lines: readonly string[];
}

/** Name and unit, then one number per column. */
export type MetricsRowData = readonly [name: string, unit: string, ...values: number[]];

export interface MetricsData {
  readonly kind: "metrics";
  readonly service: ServiceName;
  readonly columns: readonly string[];
  readonly rows: readonly MetricsRowData[];
}

export interface StatusData {
  readonly kind: "status";
  readonly service: ServiceName;
  /** As the process itself reports; a saturated process is up. */
  readonly state: "up" | "degraded" | "down";
  readonly uptime_s: number;
  readonly version: string;
  readonly address: string;
  readonly routes: readonly string[];
  readonly last_config_revision: number;
  readonly dependencies: readonly {
    readonly service: string;
    readonly ping: "ok" | "failed";
    readonly address: string;
  }[];
}

export interface ConfigData {
  readonly kind: "config";
  readonly service: ServiceName;
  readonly keys: readonly ConfigKeyData[];
  /** Certificates on hand, for services that show one. */
  readonly inventory?: readonly {
    readonly id: string;
    readonly not_before: string;
    readonly not_after: string;
    readonly names: string;
  }[];
}

export interface ConfigKeyData {
  readonly key: string;
  readonly value: ConfigValue;
  readonly unit: string;
  readonly range: string;
}

export interface ConfigHistoryData {
  readonly kind: "config_history";
  readonly service: ServiceName;
  readonly key: string;
  readonly value: ConfigValue;
  readonly unit: string;
  readonly range: string;
  readonly revisions: readonly RevisionData[];
}

export interface RevisionData {
  readonly revision: number;
  readonly at: string;
  readonly actor: string;
  readonly from: ConfigValue;
  readonly to: ConfigValue;
}

export interface ChangeData {
  readonly kind: "change";
  readonly service: ServiceName;
  readonly applied: string;
}
