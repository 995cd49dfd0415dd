import { hexDigits, pick, rngFor, shuffled, wholeNumber } from "./rng.ts";
import { CACHE_HOST } from "./services/cache/dynamics.ts";
import { PRIMARY_HOST, REPLICA_HOST } from "./services/database/dynamics.ts";

/**
 * Names that the seed draws, by role: `edge_certificate.next` → "edge-7c1". A task refers to them in text as
 * `<edge_certificate.next>`; agents see only the names.
 */
export type Names = Readonly<Record<string, string>>;

const PROVIDERS = {
  payment: ["payfleet", "coinbridge", "tillwright", "settlehub"],
  network: ["northlink", "fibrepath", "crossmesh", "lanewave"],
  mail: ["mailtrail", "postwing", "letterbox", "sendloft"],
  cdn: ["edgecast", "staticly", "nearcopy", "swiftedge"],
} as const;
const RETIRED_CACHE_HOSTS = ["cache-blue.internal", "cache-old.internal", "cache-eu1.internal", "cache-7.internal"];

export function drawNames(seed: number): Names {
  const rng = rngFor(seed, "names", 0);
  const names: Record<string, string> = {
    "cache_host.current": CACHE_HOST,
    "cache_host.retired": pick(rng, RETIRED_CACHE_HOSTS),
    "db_host.primary": PRIMARY_HOST,
    "db_host.replica": REPLICA_HOST,
  };
  for (const [kind, brands] of Object.entries(PROVIDERS)) names[`provider.${kind}`] = pick(rng, brands);
  for (const [role, prefix] of [
    ["edge_certificate", "edge"],
    ["queue_certificate", "mq"],
  ] as const) {
    for (const age of ["previous", "current", "next"]) names[`${role}.${age}`] = `${prefix}-${hexDigits(rng, 4)}`;
  }
  const subnet = `10.${wholeNumber(rng, 16, 99)}.${wholeNumber(rng, 0, 31)}`;
  names["address.primary"] = `${subnet}.${wholeNumber(rng, 10, 99)}`;
  names["address.standby"] = `${subnet}.${wholeNumber(rng, 100, 199)}`;
  const token = wholeNumber(rng, 10, 60);
  names["cache_token.current"] = `ct-${token}`;
  names["cache_token.rotated"] = `ct-${token + wholeNumber(rng, 1, 9)}`;
  const release = wholeNumber(rng, 210, 890);
  names["release.oldest"] = `r${release - wholeNumber(rng, 3, 5)}`;
  names["release.previous"] = `r${release - wholeNumber(rng, 1, 2)}`;
  names["release.current"] = `r${release}`;
  // host.a is the unlucky one.
  shuffled(rng, ["1", "2", "3", "4"]).forEach((host, i) => {
    names[`host.${"abcd"[i]}`] = host;
  });
  return names;
}
