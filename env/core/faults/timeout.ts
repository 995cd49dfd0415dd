import { settingFault } from "./define.ts";

export const timeout = settingFault("timeout", "A time limit or keep-alive is too short or too long.");
