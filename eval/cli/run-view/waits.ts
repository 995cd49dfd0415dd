import type { WaitCause } from "../../../env/store/store.ts";
import type { GateWait } from "../../provider/gate.ts";

const WORDS: Readonly<Record<WaitCause, string>> = {
  gap: "gap between calls",
  window: "rate window",
  breaker: "breaker open",
  retry_after: "the provider asked to wait",
  backoff: "before trying again",
  in_flight: "another call is under way",
};

/** `Waiting for the provider: breaker open, up to 41 s.` */
export const waitText = ({ cause, ms }: Pick<GateWait, "cause" | "ms">): string =>
  `Waiting for the provider: ${WORDS[cause]}, up to ${Math.ceil(ms / 1000)} s.`;
