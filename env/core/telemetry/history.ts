import { exp } from "../maths.ts";
import { cacheRows, sampleCache } from "../services/cache/metrics.ts";
import { databaseRows, sampleDatabase } from "../services/database/metrics.ts";
import { loadBalancerRows, sampleLoadBalancer } from "../services/load-balancer/metrics.ts";
import { messageQueueRows, sampleMessageQueue } from "../services/message-queue/metrics.ts";
import { sampleWebServer, webServerRows } from "../services/web-server/metrics.ts";
import type { State } from "../state.ts";
import { TICK_SECONDS } from "../time.ts";
import type { ServiceName } from "../topology.ts";
import type { MetricRow } from "./rows.ts";

/** The metric rows of every service, in the order in which they are shown. */
export const metricRows: Readonly<Record<ServiceName, readonly MetricRow[]>> = {
  load_balancer: loadBalancerRows.rows,
  web_server: webServerRows.rows,
  cache: cacheRows.rows,
  database: databaseRows.rows,
  message_queue: messageQueueRows.rows,
};

const WEB = loadBalancerRows.rows.length;
const CACHE = WEB + webServerRows.rows.length;
const DATABASE = CACHE + cacheRows.rows.length;
const QUEUE = DATABASE + databaseRows.rows.length;
const ROWS = QUEUE + messageQueueRows.rows.length;

/** Where the rows of a service begin. */
export const firstRow: Readonly<Record<ServiceName, number>> = {
  load_balancer: 0,
  web_server: WEB,
  cache: CACHE,
  database: DATABASE,
  message_queue: QUEUE,
};

/** The columns of a metrics table, in the order in which they are kept and shown. */
export const COLUMNS = ["now", "5m", "30m", "yesterday"] as const;

/** One value per column and row, column by column. Single precision: three digits of it are shown. */
export const HISTORY_LENGTH = COLUMNS.length * ROWS;

/** Weight of the newest tick in a mean over 5 and over 30 minutes. */
const WEIGHT_5M = 1 - exp(-TICK_SECONDS / 300);
const WEIGHT_30M = 1 - exp(-TICK_SECONDS / 1800);

/** A row's value in a column; `row` counts over all services. */
export const historyValue = (state: State, row: number, column: number): number =>
  state.history[column * ROWS + row] as number;

/** Reads every row off the state and moves its means by one tick. */
export function recordHistory(state: State): void {
  const { history } = state;
  sampleAll(state);
  for (let row = 0; row < ROWS; row += 1) {
    const value = history[row] as number;
    const five = history[row + ROWS] as number;
    const thirty = history[row + 2 * ROWS] as number;
    history[row + ROWS] = five + WEIGHT_5M * (value - five);
    history[row + 2 * ROWS] = thirty + WEIGHT_30M * (value - thirty);
  }
}

/** Sets all columns to the present values: a system that has been like this since yesterday. */
export function levelHistory(state: State): void {
  sampleAll(state);
  for (let column = 1; column < COLUMNS.length; column += 1) state.history.copyWithin(column * ROWS, 0, ROWS);
}

function sampleAll(state: State): void {
  const { history } = state;
  sampleLoadBalancer(state, history, 0);
  sampleWebServer(state, history, WEB);
  sampleCache(state, history, CACHE);
  sampleDatabase(state, history, DATABASE);
  sampleMessageQueue(state, history, QUEUE);
}
