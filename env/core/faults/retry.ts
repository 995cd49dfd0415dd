import { settingFault } from "./define.ts";

export const retry = settingFault("retry", "A retry count or budget is wrong.");
