import { settingFault } from "./define.ts";

export const featureFlag = settingFault("feature_flag", "A switch is in the wrong position.");
