import type { ConfigData, ServiceName } from "../../env/contract/index.ts";
import type { Notebook } from "./notebook.ts";
import type { Rule } from "./rule.ts";
import { config, logs, set } from "./steps.ts";

type Certificate = NonNullable<ConfigData["inventory"]>[number];

const KEY = "tls_cert_id";

/** Handshakes fail: show the certificate of the inventory that is valid now, for the right names, for longest. */
export function renewCertificate(service: ServiceName, when: (seen: Notebook) => boolean): Rule {
  return {
    kind: "cure",
    name: `clients reject the certificate of ${service}`,
    when,
    look: [logs(service), config(service)],
    confirm: (seen) => best(seen, service) !== undefined && best(seen, service)?.id !== seen.value(service, KEY),
    blame: [service, "credential"],
    change: (seen) => [set(service, KEY, (best(seen, service) as Certificate).id)],
  };
}

/** ISO times compare as text. */
function best(seen: Notebook, service: ServiceName): Certificate | undefined {
  return seen
    .certificates(service)
    .filter(
      ({ not_before, not_after, names }) =>
        not_before <= seen.now && seen.now < not_after && !names.includes("staging"),
    )
    .toSorted((a, b) => (a.not_after < b.not_after ? 1 : -1))[0];
}
