import { harmlessKeys, harmlessValue, triedKeys, triedValue } from "../benign.ts";
import { drawn } from "../faults/define.ts";
import type { Drawn } from "../faults/define.ts";
import { faultSettings } from "../settings.ts";
import type { Instance } from "../initial.ts";
import { pick, rngFor, shuffled, uniform, wholeNumber } from "../rng.ts";
import { keyDef } from "../services/config.ts";
import type { ConfigValue, KeyDef } from "../services/keys.ts";
import { TICK_SECONDS } from "../time.ts";
import type { ServiceName } from "../topology.ts";

/** One change of one key, some time before the page. */
export interface Revision {
  readonly revision: number;
  /** Seconds since the page, negative. */
  readonly at: number;
  readonly actor: string;
  readonly key: string;
  readonly from: ConfigValue;
  readonly to: ConfigValue;
}

const ACTORS = [
  "deploy-bot",
  "mkovacs",
  "jtanaka",
  "ops-pipeline",
  "aoyelaran",
  "terraform",
  "lhansen",
  "capacity-job",
];
const HALF_HOUR = 1800;
const DAY = 86_400;

/** The configuration history of a service up to the page, oldest first. */
export function revisionsOf(instance: Instance, service: ServiceName): readonly Revision[] {
  return (instance.memo.revisions[service] ??= drawRevisions(instance, service));
}

/**
 * Draws a history: four to eight harmless revisions, at least two of them in the last half hour; a few keys that were
 * tried and put back, so that none shows up in histories only where it is to blame; and the revisions that did harm.
 * All have the same shape.
 */
function drawRevisions(instance: Instance, service: ServiceName): Revision[] {
  const rng = rngFor(instance.instanceSeed, `revisions/${service}`, 0);
  const { sibling } = instance;
  const guilty = faultSettings(sibling, service);
  const old = sibling.standing.filter((setting) => setting.service === service && setting.hours_ago !== undefined);
  const taken = new Set([...guilty, ...old].map(({ key }) => key));
  const changes: Omit<Revision, "revision">[] = [];
  const standing = instance.healthyConfig[service] as Record<string, ConfigValue>;

  // The last revision of a key ends at the value that stands; where a value was drawn twice alike, nothing was done.
  const free = harmlessKeys(service).filter((key) => !taken.has(key));
  const count = wholeNumber(rng, 4, 8);
  for (let i = 0; i < count && free.length > 0; i += 1) {
    const [key = ""] = free.splice(Math.floor(rng() * free.length), 1);
    const at = i < 2 ? -wholeNumber(rng, 60, HALF_HOUR) : -Math.floor(HALF_HOUR + uniform(rng, 0, 20) * DAY * rng());
    const to = standing[key] as ConfigValue;
    const actor = pick(rng, ACTORS);
    const from = different(() => harmlessValue(rng, service, key), to) ?? keyDef(service, key)?.default ?? to;
    changes.push({ at, actor, key, from, to });
  }
  changes.push(...experiments(instance, service, taken));
  if (service === "web_server") changes.push(lastDeploy(instance, rng));
  const onset = (instance.onsetTick - instance.pageTick) * TICK_SECONDS;
  for (const { key, value, hours_ago } of guilty) {
    const at = hours_ago === undefined ? onset : -Math.round(drawn(hours_ago) * 3600);
    changes.push({ at, actor: pick(rng, ACTORS), key, from: standing[key] as ConfigValue, to: value as ConfigValue });
  }
  for (const { key, value, hours_ago } of old) {
    const at = -Math.round(drawn(hours_ago ?? 0) * 3600);
    changes.push({
      at,
      actor: pick(rng, ACTORS),
      key,
      from: valueBefore(service, key, value),
      to: value as ConfigValue,
    });
  }
  changes.sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
  const first = wholeNumber(rng, 11, 240);
  return changes.map(({ at, actor, key, from, to }, i) => ({ revision: first + i, at, actor, key, from, to }));
}

/** One to three keys that somebody tried another value for and put back within hours, lately or days ago. */
function experiments(
  { instanceSeed, healthyConfig }: Instance,
  service: ServiceName,
  taken: ReadonlySet<string>,
): Omit<Revision, "revision">[] {
  const rng = rngFor(instanceSeed, `experiments/${service}`, 0);
  const free = triedKeys(service).filter((key) => !taken.has(key));
  return shuffled(rng, free)
    .slice(0, wholeNumber(rng, 1, 3))
    .flatMap((key) => {
      const standing = (healthyConfig[service] as Record<string, ConfigValue>)[key] as ConfigValue;
      const tried = triedValue(rng, service, key, standing);
      const back = -(rng() < 0.5 ? wholeNumber(rng, 60, HALF_HOUR) : wholeNumber(rng, HALF_HOUR, 20 * DAY));
      const actor = pick(rng, ACTORS);
      return [
        { at: back - wholeNumber(rng, 600, 6 * 3600), actor, key, from: standing, to: tried },
        { at: back, actor, key, from: tried, to: standing },
      ];
    });
}

/** The newest release was rolled out some time before the page, guilty or not. */
function lastDeploy(instance: Instance, rng: () => number): Omit<Revision, "revision"> {
  const at = -wholeNumber(rng, 300, 3 * 3600);
  const minutes = instance.sibling.deployed_minutes_ago;
  return {
    at: minutes === undefined ? at : -Math.round(drawn(minutes) * 60),
    actor: "deploy-bot",
    key: "app_version",
    from: instance.names["release.previous"] as string,
    to: instance.names["release.current"] as string,
  };
}

/** What a key held before a task set it: its default or, when it was set to that, the other position. */
function valueBefore(service: ServiceName, key: string, value: Drawn): ConfigValue {
  const def = keyDef(service, key) as KeyDef;
  if (value !== def.default) return def.default;
  if (def.kind === "choice") return def.choices.find((choice) => choice !== value) ?? def.default;
  return def.kind === "flag" ? !def.default : def.default;
}

/** A drawn value other than `value`; null when eight draws gave none. */
function different(draw: () => ConfigValue, value: ConfigValue): ConfigValue | null {
  for (let i = 0; i < 8; i += 1) {
    const other = draw();
    if (other !== value) return other;
  }
  return null;
}
