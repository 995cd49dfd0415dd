import { settingFault } from "./define.ts";

export const mode = settingFault("mode", "A maintenance or read-only mode was left on.");
