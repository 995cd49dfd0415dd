import { settingFault } from "./define.ts";

export const pool = settingFault("pool", "A client connection pool has the wrong size.");
