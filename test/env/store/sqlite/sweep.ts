import { openBackend } from "../../../../env/store/backend.ts";
import type { Backend } from "../../../../env/store/backend.ts";
import { contents, operations } from "./operations.ts";

/** A step towards the disk in an uninterrupted run of all operations. */
export interface Point {
  /** Counts from 1, as the steps are announced. */
  readonly number: number;
  readonly name: string;
  /** How many operations had ended before it. */
  readonly after: number;
}

export interface Uninterrupted {
  readonly points: readonly Point[];
  /** What the file held after so many operations. */
  readonly states: readonly unknown[];
}

/**
 * Runs all operations and notes what the file holds after each.
 * @param look called at each point
 */
export async function uninterrupted(file: string, look: (point: Point) => void = () => {}): Promise<Uninterrupted> {
  const points: Point[] = [];
  const states: unknown[] = [];
  const durable = (name: string) => {
    const point = { number: points.length + 1, name, after: Math.max(states.length - 1, 0) };
    points.push(point);
    look(point);
  };
  const backend = await openBackend(file, { durable });
  states.push(contents(file));
  for (const operation of Object.values(operations)) {
    await operation(backend); // oxlint-disable-line no-await-in-loop
    states.push(contents(file));
  }
  await backend.close();
  return { points, states };
}

/** Runs the operations that come after so many. */
export async function goOn(backend: Backend, after: number): Promise<void> {
  for (const operation of Object.values(operations).slice(after)) await operation(backend); // oxlint-disable-line no-await-in-loop
}
