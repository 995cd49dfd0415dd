import { SERVICES } from "../../../env/contract/index.ts";
import type { Chapter } from "../rule.ts";
import { logs, metrics } from "../steps.ts";

/** A page with a green panel: look round before calling it a false alarm, and change nothing. */
export const quiet: Chapter = {
  survey: [...SERVICES.map(metrics), logs("web_server")],
  rules: [],
  guess: ["none", "no_fault"],
};
