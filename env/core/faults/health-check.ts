import { settingFault } from "./define.ts";

export const healthCheck = settingFault("health_check", "Health probes ask the wrong thing or are too tight.");
