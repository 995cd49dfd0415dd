import type { Instance } from "../initial.ts";
import { keyDef, keysOf, readKey } from "../services/config.ts";
import type { KeyDef, NameKey } from "../services/keys.ts";
import type { State } from "../state.ts";
import { isoTime, TICK_SECONDS } from "../time.ts";
import { SERVICES } from "../topology.ts";
import type { ServiceName } from "../topology.ts";
import type { ConfigData, ConfigHistoryData, ConfigKeyData, RevisionData } from "./results.ts";
import { revisionsOf } from "./revisions.ts";

/** All keys of a service with value, unit and range; certificates with their dates. */
export function readConfig(instance: Instance, state: State, service: ServiceName): ConfigData {
  const keys = keysOf(service).map((key) => describeKey(state, service, key));
  if (service !== "load_balancer" && service !== "message_queue") return { kind: "config", service, keys };
  const at = (tick: number): string => isoTimeAround(instance.pageSeconds + (tick - instance.pageTick) * TICK_SECONDS);
  const inventory = state.certificates
    .filter((entry) => entry.service === service)
    .map((entry) => ({
      id: entry.id,
      not_before: at(entry.notBeforeTick),
      not_after: at(entry.notAfterTick),
      names: entry.nameOk
        ? `*.${service === "load_balancer" ? "shop.example" : "queue.internal"}`
        : "*.staging.example",
    }));
  return { kind: "config", service, keys, inventory };
}

/** One key with its revisions, oldest first: those before the page, then the agent's own. */
export function readHistory(instance: Instance, state: State, service: ServiceName, key: string): ConfigHistoryData {
  const before = revisionsOf(instance, service);
  const last = before.at(-1)?.revision ?? 0;
  const at = (seconds: number): string => isoTimeAround(instance.pageSeconds + seconds);
  const revisions: RevisionData[] = before
    .filter((revision) => revision.key === key)
    .map(({ revision, at: seconds, actor, from, to }) => ({ revision, at: at(seconds), actor, from, to }));
  state.changesMade
    .filter((change) => change.service === service)
    .forEach((change, i) => {
      if (change.key !== key) return;
      const seconds = (change.tick - instance.pageTick) * TICK_SECONDS;
      revisions.push({ revision: last + 1 + i, at: at(seconds), actor: "on-call", from: change.from, to: change.to });
    });
  const { value, unit, range } = describeKey(state, service, key);
  return { kind: "config_history", service, key, value, unit, range, revisions };
}

function describeKey(state: State, service: ServiceName, key: string): ConfigKeyData {
  const def = keyDef(service, key) as KeyDef;
  const value = readKey(state.config, service, key);
  return { key, value, unit: unitOf(def), range: fixedRange.get(def) ?? rangeOfName(def as NameKey, state, service) };
}

const unitOf = (def: KeyDef): string => (def.kind === "number" ? def.unit : def.kind === "name" ? def.of : def.kind);

/** What a key accepts, in words, where that is the same in every episode. */
const fixedRange: ReadonlyMap<KeyDef, string> = new Map(
  SERVICES.flatMap((service) => keysOf(service).map((key) => keyDef(service, key) as KeyDef))
    .filter((def) => def.kind !== "name")
    .map((def) => [def, rangeOf(def)]),
);

function rangeOf(def: Exclude<KeyDef, NameKey>): string {
  if (def.kind === "number") return `${def.min}..${def.max}`;
  return def.kind === "flag" ? "true|false" : def.choices.join("|");
}

/** What a name accepts: the inventory or history of this episode. */
function rangeOfName(def: NameKey, state: State, service: ServiceName): string {
  if (def.readOnly) return "read-only";
  if (def.of === "release") return state.releases.map((release) => release.version).join("|");
  if (def.of !== "certificate") return `any ${def.of}`;
  return state.certificates
    .filter((entry) => entry.service === service)
    .map((entry) => entry.id)
    .join("|");
}

const YEAR = 365 * 86_400;

/** ISO time of an instant that may lie in the years around the simulated one. */
function isoTimeAround(seconds: number): string {
  const year = Math.floor(seconds / YEAR);
  return isoTime(seconds - year * YEAR).replace("2031", `${2031 + year}`);
}
