import { settingFault } from "./define.ts";

export const ttl = settingFault("ttl", "Cache entries live too long or too short.");
