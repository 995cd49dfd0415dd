import { z } from "zod";
import type { State } from "../state.ts";
import { address } from "./address.ts";
import { capacity } from "./capacity.ts";
import { cold } from "./cold.ts";
import { crash } from "./crash.ts";
import { credential } from "./credential.ts";
import { degradedHost } from "./degraded-host.ts";
import { dependency } from "./dependency.ts";
import { disk } from "./disk.ts";
import { featureFlag } from "./feature-flag.ts";
import { healthCheck } from "./health-check.ts";
import { index } from "./index-invalid.ts";
import { leak } from "./leak.ts";
import { limit } from "./limit.ts";
import { lock } from "./lock.ts";
import { maintenance } from "./maintenance.ts";
import { mode } from "./mode.ts";
import { noFault } from "./no-fault.ts";
import { noisy } from "./noisy.ts";
import { pool } from "./pool.ts";
import { retry } from "./retry.ts";
import { routing } from "./routing.ts";
import { timeout } from "./timeout.ts";
import { ttl } from "./ttl.ts";

/** Every fault class: the closed list of diagnoses, and how each bends the system. */
export const faultClasses = [
  crash,
  capacity,
  limit,
  timeout,
  retry,
  pool,
  ttl,
  cold,
  credential,
  address,
  routing,
  healthCheck,
  degradedHost,
  featureFlag,
  mode,
  index,
  lock,
  maintenance,
  disk,
  noisy,
  leak,
  dependency,
  noFault,
] as const;

type ClassNames<Defs extends readonly { class: string }[]> = { [I in keyof Defs]: Defs[I]["class"] };
export const FAULTS = faultClasses.map((def) => def.class) as unknown as ClassNames<typeof faultClasses>;
export type FaultClass = (typeof faultClasses)[number]["class"];

type Schemas<Defs extends readonly { schema: unknown }[]> = { [I in keyof Defs]: Defs[I]["schema"] };
const schemas = faultClasses.map(({ schema }) => schema) as unknown as Schemas<typeof faultClasses>;

/** A fault as a task states it. */
export const Fault = z.discriminatedUnion("class", schemas);
export type Fault = z.output<typeof Fault>;

/** Bends the system as a fault with drawn parameters says. */
export function applyFault(state: State, fault: Fault): void {
  const def = faultClasses.find((candidate) => candidate.class === fault.class) as { apply: unknown };
  (def.apply as (state: State, params: Fault) => void)(state, fault);
}
