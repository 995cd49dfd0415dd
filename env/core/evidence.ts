import type { Evidence } from "./task.ts";
import { NOISE_SIGMA } from "./telemetry/metrics.ts";
import type { MetricsRowData, ResultData } from "./telemetry/results.ts";

/** What an observation showed, with the log conditions behind its lines, which an agent does not see. */
export interface Look {
  readonly data: ResultData;
  /** Codes of the log conditions among the lines shown; empty for other kinds. */
  readonly codes: readonly string[];
}

/** Standard deviations of display noise that make a value abnormal. */
const ABNORMAL_SIGMAS = 5;
/** Relative distance from yesterday at which a value is abnormal. */
export const ABNORMAL = ABNORMAL_SIGMAS * NOISE_SIGMA;
/** A row that must show its usual value does so within this factor: load alone may move it by a third. */
const NORMAL_FACTOR = 1.6;
/** Below this, a value counts as zero. */
const NOTHING = 0.001;
const NOW = 2;
const YESTERDAY = 5;

/** Whether a look showed what an evidence item asks for. */
export function shows(item: Evidence, look: Look): boolean {
  const { data } = look;
  if (data.kind === "change" || data.service !== item.service) return false;
  switch (item.kind) {
    case "metrics":
      return data.kind === "metrics" && item.rows.some((row) => rowsNamed(data.rows, row).some(showsRow(item.shows)));
    case "logs":
      return look.codes.includes(item.line);
    case "config":
      return data.kind === "config" || (data.kind === "config_history" && data.key === item.key);
    case "status":
      if (data.kind !== "status") return false;
      return item.shows === "ping_failed"
        ? data.dependencies.some(({ ping }) => ping === "failed")
        : data.state === item.shows;
  }
}

/** Rows of that name; `memory_mb{host}` stands for the row of each host. */
function rowsNamed(rows: readonly MetricsRowData[], name: string): MetricsRowData[] {
  if (!name.endsWith("{host}")) return rows.filter((row) => row[0] === name);
  const stem = name.slice(0, -"host}".length);
  return rows.filter((row) => row[0].startsWith(`${stem}web-`));
}

const showsRow = (wanted: "abnormal" | "normal") => (row: MetricsRowData) => {
  const now = Number(row[NOW]);
  const usual = Number(row[YESTERDAY]);
  if (wanted === "normal") {
    return Math.max(now, usual) < NOTHING || (now <= usual * NORMAL_FACTOR && now >= usual / NORMAL_FACTOR);
  }
  const reference = Math.max(Math.abs(usual), NOTHING);
  return Math.abs(now - usual) / reference > ABNORMAL;
};
