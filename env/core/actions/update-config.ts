import { setConfig } from "../change.ts";
import { keyDef } from "../services/config.ts";
import type { ConfigValue, KeyDef, NameKey } from "../services/keys.ts";
import type { State } from "../state.ts";
import type { ServiceName } from "../topology.ts";
import { defineAction, KeyName, NewValue, Service } from "./define.ts";
import { unknownKey } from "./inspect-config.ts";

export const updateConfig = defineAction({
  type: "update_config",
  summary: "Set one configuration key of one service.",
  kind: "remediate",
  ticks: 4,
  args: { service: Service, key: KeyName, value: NewValue },
  refuse: (state, { service, key, value }) => {
    const def = keyDef(service, key);
    return def === undefined ? unknownKey(service, key) : refuseValue(state, service, key, def, value);
  },
  apply: (state, { service, key, value }) => setConfig(state, service, key, Object.is(value, -0) ? 0 : value),
});

/** Why a value is not accepted: type, then range, then inventory. */
function refuseValue(state: State, service: ServiceName, key: string, def: KeyDef, value: ConfigValue): string | null {
  const label = `${service}.${key}`;
  const came = `got ${JSON.stringify(value)}`;
  switch (def.kind) {
    case "number":
      if (typeof value !== "number" || !Number.isSafeInteger(value)) {
        return `${label}: expected a whole number (${def.unit}) from ${def.min} to ${def.max}, ${came}.`;
      }
      return value >= def.min && value <= def.max
        ? null
        : `${label}: ${value} is out of range; expected ${def.min} to ${def.max} ${def.unit}.`;
    case "flag":
      return typeof value === "boolean" ? null : `${label}: expected true or false, ${came}.`;
    case "choice":
      return typeof value === "string" && def.choices.includes(value)
        ? null
        : `${label}: expected one of ${def.choices.join(", ")}, ${came}.`;
    case "name":
      return def.readOnly ? `${label} is read-only.` : refuseName(state, service, label, def, value);
  }
}

const HOST_NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
const TOKEN_NAME = /^[a-z]{1,8}-[a-z0-9]{1,16}$/;

function refuseName(
  state: State,
  service: ServiceName,
  label: string,
  def: NameKey,
  value: ConfigValue,
): string | null {
  const came = `got ${JSON.stringify(value)}`;
  if (typeof value !== "string") return `${label}: expected a name, ${came}.`;
  switch (def.of) {
    case "certificate": {
      const inventory = state.certificates.filter((entry) => entry.service === service).map((entry) => entry.id);
      return inventory.includes(value)
        ? null
        : `${label}: expected a certificate of the inventory (${inventory.join(", ")}), ${came}.`;
    }
    case "release": {
      const releases = state.releases.map((entry) => entry.version);
      return releases.includes(value) ? null : `${label}: expected a release (${releases.join(", ")}), ${came}.`;
    }
    case "token":
      return TOKEN_NAME.test(value) ? null : `${label}: expected a token id such as ct-07, ${came}.`;
    case "host":
    case "provider":
      return HOST_NAME.test(value) ? null : `${label}: expected a host name, ${came}.`;
  }
}
