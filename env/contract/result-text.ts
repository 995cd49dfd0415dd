import type {
  ConfigData,
  ConfigHistoryData,
  MetricsData,
  MetricsRowData,
  ResultData,
  StatusData,
} from "../core/telemetry/results.ts";

/** A result's data as lines of text. */
export const resultLines = (data: ResultData | null): readonly string[] =>
  data === null ? [] : lines[data.kind](data as never);

const lines: {
  readonly [Kind in ResultData["kind"]]: (data: Extract<ResultData, { kind: Kind }>) => readonly string[];
} = {
  logs: (data) => data.lines,
  metrics: metricLines,
  status: statusLines,
  config: configLines,
  config_history: historyLines,
  change: () => [], // the sentence above it says everything
};

/** Longest table, units aside, that leaves room for page and panel; a longer one is not padded, to keep every row. */
const LONGEST_TABLE = 2800;

/** Columns as wide as their widest number, names to the left, numbers to the right, units last. */
function metricLines({ columns, rows }: MetricsData): string[] {
  const cells = rows.map((row) => row.slice(2).map(String));
  const widths = [
    longest(rows.map(([name]) => name)),
    ...columns.map((_, i) => longest(cells.map((row) => row[i] ?? ""))),
  ];
  const length = rows.length * widths.reduce((sum, width) => sum + width + 1, 0);
  const fit = length <= LONGEST_TABLE ? widths : [];
  return [`columns: ${columns.join(", ")}`, ...rows.map((row, i) => metricLine(row, cells[i] ?? [], fit))];
}

function metricLine([name, unit]: MetricsRowData, cells: readonly string[], widths: readonly number[]): string {
  let line = name.padEnd(widths[0] ?? 0);
  for (const [i, cell] of cells.entries()) line += ` ${cell.padStart(widths[i + 1] ?? 0)}`;
  return `${line} ${unit}`;
}

function statusLines(status: StatusData): string[] {
  const { state, uptime_s, version, address, last_config_revision } = status;
  return [
    `state ${state}, up ${uptime_s} s, version ${version}, address ${address}, configuration revision ${last_config_revision}`,
    `routes: ${status.routes.join(" ") || "none"}`,
    ...status.dependencies.map((one) => `dependency ${one.service} at ${one.address}: ping ${one.ping}`),
  ];
}

function configLines({ keys, inventory = [] }: ConfigData): string[] {
  return [
    ...keys.map(({ key, value, unit, range }) => `${key} = ${String(value)} [${unit}; ${range}]`),
    ...inventory.map((one) => `certificate ${one.id}: ${one.not_before} to ${one.not_after}, for ${one.names}`),
  ];
}

function historyLines({ key, value, unit, range, revisions }: ConfigHistoryData): string[] {
  return [
    `${key} = ${String(value)} [${unit}; ${range}]`,
    ...revisions.map(
      ({ revision, at, actor, from, to }) => `revision ${revision}, ${at}, ${actor}: ${String(from)} -> ${String(to)}`,
    ),
  ];
}

const longest = (texts: readonly string[]): number => texts.reduce((most, { length }) => Math.max(most, length), 0);
