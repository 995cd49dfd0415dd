import { settingFault } from "./define.ts";

export const address = settingFault("address", "A name or address is wrong or stale.");
