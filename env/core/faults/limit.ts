import { settingFault } from "./define.ts";

export const limit = settingFault("limit", "A cap on rate, clients, connections or messages in flight is too low.");
