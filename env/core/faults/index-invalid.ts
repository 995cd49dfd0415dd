import { settingFault } from "./define.ts";

export const index = settingFault("index", "An index is invalid or missing.");
