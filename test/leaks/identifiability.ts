import { initial } from "../../env/core/initial.ts";
import type { Instance } from "../../env/core/initial.ts";
import { lookAt } from "../../env/core/observation.ts";
import { cloneState } from "../../env/core/snapshot.ts";
import type { State } from "../../env/core/state.ts";
import type { Evidence, Task } from "../../env/core/task.ts";
import { firstRow, historyValue, metricRows } from "../../env/core/telemetry/history.ts";
import { NOISE_SIGMA } from "../../env/core/telemetry/metrics.ts";
import { runTicks } from "../../env/core/tick.ts";
import { readKey } from "../../env/core/services/config.ts";
import { coreSuite } from "../../tasks/index.ts";
import { lookFor } from "../../tasks/validate.ts";

/** Standard deviations of display noise by which some evidence has to differ. */
export const LEAST_SIGMAS = 5;

/** Two siblings of a task, and the seed at which their evidence differs least. */
export interface Gap {
  readonly task: string;
  /** `A/B` */
  readonly pair: string;
  readonly seed: number;
  /** The item that differs most at that seed, in words. */
  readonly item: string;
  /** By how many standard deviations of its display noise; infinite for what carries none. */
  readonly sigmas: number;
}

/** For every pair of siblings with different answers, how far apart their evidence is at the worst of the seeds. */
export function smallestGaps(seeds: number): Gap[] {
  return coreSuite.tasks.flatMap((task) =>
    pairsOf(task).map((pair) => {
      const gaps = Array.from({ length: seeds }, (_, seed) => largestGap(task, seed, pair));
      return gaps.reduce((worst, gap) => (gap.sigmas < worst.sigmas ? gap : worst));
    }),
  );
}

/** Two false alarms have the same answer, and need nothing to tell them apart by. */
const pairsOf = (task: Task): [number, number][] =>
  task.siblings.flatMap((one, i) =>
    task.siblings.flatMap((other, j): [number, number][] =>
      j <= i || (one.answer === "no_fault" && other.answer === "no_fault") ? [] : [[i, j]],
    ),
  );

function largestGap(task: Task, seed: number, [i, j]: readonly [number, number]): Gap {
  const one = afterOneLook(task, seed, i);
  const other = afterOneLook(task, seed, j);
  const items = [...one.instance.sibling.needed, ...other.instance.sibling.needed];
  const gaps = items.map((item) => ({ item: inWords(item), sigmas: gapOf(item, one, other) }));
  const best = gaps.reduce((most, gap) => (gap.sigmas > most.sigmas ? gap : most));
  return { task: task.id, pair: `${"ABCDEF"[i]}/${"ABCDEF"[j]}`, seed, ...best };
}

interface World {
  readonly instance: Instance;
  readonly state: State;
}

/** The world as the first look finds it. */
function afterOneLook(task: Task, seed: number, sibling: number): World {
  const { instance, state } = initial(task, seed, sibling);
  const after = cloneState(state);
  runTicks(after, 1);
  return { instance, state: after };
}

/** Standard deviations between two worlds, as far as one item of evidence shows them. */
function gapOf(item: Evidence, one: World, other: World): number {
  switch (item.kind) {
    case "metrics":
      return Math.max(...rowsOf(item).map((row) => sigmasBetween(valueOf(one, row), valueOf(other, row))));
    case "config":
      return whenDifferent(
        readKey(one.state.config, item.service, item.key),
        readKey(other.state.config, item.service, item.key),
      );
    case "logs":
      return whenDifferent(
        lookIn(one, item)?.codes.includes(item.line) ?? false,
        lookIn(other, item)?.codes.includes(item.line) ?? false,
      );
    case "status":
      return whenDifferent(statusIn(one, item), statusIn(other, item));
  }
}

const whenDifferent = (one: unknown, other: unknown): number => (one === other ? 0 : Infinity);
const lookIn = ({ instance, state }: World, item: Evidence) => lookAt(instance, state, lookFor(item));

function statusIn(world: World, item: Evidence): string {
  const data = lookIn(world, item)?.data;
  return data?.kind === "status" ? JSON.stringify([data.state, data.dependencies.map(({ ping }) => ping)]) : "";
}

/** Indices of the rows that a metrics item speaks of; `{host}` stands for every host. */
const rowsOf = ({ service, rows }: Extract<Evidence, { kind: "metrics" }>): number[] =>
  metricRows[service].flatMap(({ name }, i) =>
    rows.includes(name) || rows.includes(name.replace(/\{web-\d\}$/, "{host}")) ? [firstRow[service] + i] : [],
  );

/** A row without display noise. */
const valueOf = ({ state }: World, row: number): number => historyValue(state, row, 0);

/** Noise is a share of the value: that of the larger one counts. */
function sigmasBetween(one: number, other: number): number {
  const larger = Math.max(Math.abs(one), Math.abs(other));
  return larger === 0 ? 0 : Math.abs(one - other) / (NOISE_SIGMA * larger);
}

function inWords(item: Evidence): string {
  switch (item.kind) {
    case "metrics":
      return `${item.service}: ${item.rows.join(", ")}`;
    case "config":
      return `${item.service}.${item.key}`;
    case "logs":
      return `${item.service} log: ${item.line}`;
    case "status":
      return `${item.service} ${item.shows}`;
  }
}
