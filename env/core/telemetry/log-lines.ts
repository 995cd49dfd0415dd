import { significant } from "../maths.ts";
import type { Names } from "../names.ts";
import type { State } from "../state.ts";

export type LogLevel = "INFO" | "WARN" | "ERROR";

/** What a line may draw on: the state, the names of the episode, a web host, and digits that differ line by line. */
export interface LogContext {
  readonly state: State;
  readonly names: Names;
  /** 0-based; 0 for conditions that are not per host. */
  readonly host: number;
  /** A whole number below 100,000 that differs from line to line, for ids and pids. */
  readonly serial: number;
}

/** A line that a service writes while something holds. It says what that component saw, never a cause elsewhere. */
export interface LogCondition {
  /** Stable name for evidence; never shown. */
  readonly code: string;
  readonly level: LogLevel;
  /** One line for each web host for which it holds. */
  readonly perHost?: true;
  /** Events per second; no line at 0. Rates follow severity. */
  readonly rate: (context: LogContext) => number;
  readonly text: (context: LogContext) => string;
  /** The line about something that is over, where `text` would tell of the present. */
  readonly past?: (context: LogContext) => string;
}

/** `1` while something holds, for conditions whose rate says nothing. */
export const when = (holds: boolean, rate = 1): number => (holds ? rate : 0);

/** A number in a line: three digits. */
export const shown = (value: number): string => `${significant(value)}`;

export const percent = (share: number): string => `${Math.round(100 * Math.min(1, share))} %`;
