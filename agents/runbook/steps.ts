import { actionText } from "../../env/contract/index.ts";
import type { CauseService, ConfigValue, FaultClass, ServiceName } from "../../env/contract/index.ts";

/** An action in canonical text, so that an observation's `last_action` tells which step it answers. */
export type Step = string;

/** Where a cause lies, and of what kind it is. */
export type Diagnosis = readonly [service: CauseService, fault: FaultClass];

export const metrics = (service: ServiceName): Step => actionText({ type: "inspect_metrics", service });
export const logs = (service: ServiceName): Step => actionText({ type: "inspect_logs", service });
export const status = (service: ServiceName): Step => actionText({ type: "check_status", service });
export const config = (service: ServiceName): Step => actionText({ type: "inspect_config", service });
/** The revisions of one key. */
export const history = (service: ServiceName, key: string): Step =>
  actionText({ type: "inspect_config", service, key });

export const set = (service: ServiceName, key: string, value: ConfigValue): Step =>
  actionText({ type: "update_config", service, key, value });
export const restart = (service: ServiceName): Step => actionText({ type: "restart_service", service });

export const resolve = ([service, fault]: Diagnosis): Step => actionText({ type: "resolve_incident", service, fault });
export const escalate = (reason: string): Step => actionText({ type: "escalate", reason });
