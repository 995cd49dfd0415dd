import type { Setting } from "./faults/define.ts";
import type { Sibling } from "./task.ts";
import type { ServiceName } from "./topology.ts";

/** The keys that a sibling's faults set, of one service or of all. */
export function faultSettings(sibling: Sibling, service?: ServiceName): Setting[] {
  return sibling.faults
    .flatMap((fault) => ("set" in fault ? (fault.set ?? []) : []))
    .filter((setting) => service === undefined || setting.service === service);
}
