import type {
  ConfigData,
  ConfigHistoryData,
  ConfigValue,
  Observation,
  ServiceName,
  StatusData,
} from "../../env/contract/index.ts";
import { readTable, UNSEEN } from "./metric-table.ts";
import type { Reading } from "./metric-table.ts";
import type { Step } from "./steps.ts";

/** Who a revision is by when it is our own. */
const OURSELVES = "on-call";

/**
 * What was seen in this episode: the newest look of each kind at each service. What was not looked at reads as NaN,
 * null or undefined, so that a rule over it does not hold.
 */
export class Notebook {
  /** ISO time of the last observation. */
  now = "";
  readonly #taken = new Set<Step>();
  readonly #tables = new Map<ServiceName, ReadonlyMap<string, Reading>>();
  readonly #logs = new Map<ServiceName, readonly string[]>();
  readonly #statuses = new Map<ServiceName, StatusData>();
  readonly #configs = new Map<ServiceName, ConfigData>();
  readonly #histories = new Map<string, ConfigHistoryData>();

  /** Notes what an observation shows. */
  read({ clock, last_action, result }: Observation): void {
    this.now = clock.now;
    if (last_action !== null) this.#taken.add(last_action);
    const { data } = result;
    switch (data?.kind) {
      case "metrics":
        this.#tables.set(data.service, readTable(data));
        break;
      case "logs":
        this.#logs.set(data.service, data.lines);
        break;
      case "status":
        this.#statuses.set(data.service, data);
        break;
      case "config":
        this.#configs.set(data.service, data);
        break;
      case "config_history":
        this.#histories.set(`${data.service}.${data.key}`, data);
        break;
      case "change":
      case undefined:
        break;
    }
  }

  /** Forgets what a change may have altered; configuration and its history stay. */
  forgetTelemetry(): void {
    for (const notes of [this.#tables, this.#logs, this.#statuses]) notes.clear();
    for (const step of this.#taken) if (!step.startsWith("inspect_config")) this.#taken.delete(step);
  }

  /** Whether a step was taken. */
  took(step: Step): boolean {
    return this.#taken.has(step);
  }

  /** A metric's row; all columns are NaN where the service's metrics were not looked at. */
  row(service: ServiceName, name: string): Reading {
    return this.#tables.get(service)?.get(name) ?? UNSEEN;
  }

  /** The rows of a metric per host, `web-1` first; none where the metrics were not looked at. */
  perHost(service: ServiceName, name: string): readonly Reading[] {
    const rows = [...(this.#tables.get(service) ?? [])];
    return rows.filter(([row]) => row.startsWith(`${name}{`)).map(([, reading]) => reading);
  }

  /** What a pattern finds in a service's log lines; null where no line matches. */
  logged(service: ServiceName, pattern: RegExp): RegExpExecArray | null {
    for (const line of this.#logs.get(service) ?? []) {
      const found = pattern.exec(line);
      if (found !== null) return found;
    }
    return null;
  }

  status(service: ServiceName): StatusData | undefined {
    return this.#statuses.get(service);
  }

  certificates(service: ServiceName): NonNullable<ConfigData["inventory"]> {
    return this.#configs.get(service)?.inventory ?? [];
  }

  /** A key's value as last listed. */
  value(service: ServiceName, key: string): ConfigValue | undefined {
    return this.#histories.get(`${service}.${key}`)?.value ?? this.#listed(service, key)?.value;
  }

  /** What a key accepts, in the words of the listing. */
  range(service: ServiceName, key: string): string {
    return this.#listed(service, key)?.range ?? "";
  }

  /** The last revision of a key that was not our own; undefined where there is none or it was not looked at. */
  lastRevision(service: ServiceName, key: string): ConfigHistoryData["revisions"][number] | undefined {
    return this.#histories.get(`${service}.${key}`)?.revisions.findLast(({ actor }) => actor !== OURSELVES);
  }

  #listed(service: ServiceName, key: string): ConfigData["keys"][number] | undefined {
    return this.#configs.get(service)?.keys.find((one) => one.key === key);
  }
}
