import type { ConfigValue, FaultClass, ServiceName } from "../../env/contract/index.ts";
import type { Notebook } from "./notebook.ts";
import type { Cure } from "./rule.ts";
import { config, history, set } from "./steps.ts";
import type { Step } from "./steps.ts";

/** Smaller moves of a number are tuning, not a fault. */
const NOTABLE_FACTOR = 1.25;

/** A configuration key that would explain a symptom, if somebody moved it the wrong way. */
interface Suspicion {
  readonly name: string;
  readonly when: (seen: Notebook) => boolean;
  readonly service: ServiceName;
  readonly key: string;
  /** The wrong way. */
  readonly moved: "down" | "up" | "either";
  /** Values that are worth the look at the key's history; absent: all. */
  readonly odd?: (value: ConfigValue, seen: Notebook) => boolean;
  readonly fault: FaultClass;
  /** Looks before those at the configuration. */
  readonly look?: readonly Step[];
  /** What to set it to when its history shows no wrong move; absent: leave it. */
  readonly otherwise?: (seen: Notebook) => ConfigValue | undefined;
}

/** Look at the service's configuration, then at the key's history; if it went the wrong way, put it back. */
export function suspect(suspicion: Suspicion): Cure {
  const { name, service, key, moved, odd = () => true, fault, look = [], otherwise } = suspicion;
  const isOdd = (seen: Notebook) => {
    const value = seen.value(service, key);
    return value === undefined || odd(value, seen);
  };
  const target = (seen: Notebook) => valueBefore(seen, service, key, moved) ?? otherwise?.(seen);
  return {
    kind: "cure",
    name,
    when: (seen) => suspicion.when(seen) && isOdd(seen),
    look: [...look, config(service), history(service, key)],
    confirm: (seen) => target(seen) !== undefined && target(seen) !== seen.value(service, key),
    blame: [service, fault],
    change: (seen) => [set(service, key, target(seen) as ConfigValue)],
  };
}

/** A number that stands, times a factor, as far as the range of its key allows (`100..20000`). */
export function times(factor: number, seen: Notebook, service: ServiceName, key: string): number {
  const most = Number(/\.\.(\d+)$/.exec(seen.range(service, key))?.[1] ?? Number.POSITIVE_INFINITY);
  return Math.min(Math.round(factor * Number(seen.value(service, key))), most);
}

/** What a key held before its last revision, if that moved it the way in question. */
export function valueBefore(
  seen: Notebook,
  service: ServiceName,
  key: string,
  moved: "down" | "up" | "either",
): ConfigValue | undefined {
  const last = seen.lastRevision(service, key);
  if (last === undefined || moved === "either") return last?.from;
  const [from, to] = [Number(last.from), Number(last.to)];
  const wrong = moved === "up" ? to > from * NOTABLE_FACTOR : to * NOTABLE_FACTOR < from;
  return wrong ? last.from : undefined;
}
