import type { ObservationBody } from "../contract/http.ts";
import type { ResetTurn, StepTurn } from "../contract/index.ts";
import type { ClientReset } from "./client.ts";

/** The options of a reset as they go over the wire. */
export const resetData = ({ seed, options }: ClientReset): object => ({ ...options, seed });

/** A reset as it came over the wire. */
export const resetTurn = ({ observation, metadata }: ObservationBody): ResetTurn => ({
  observation: shown(observation),
  info: metadata.info as ResetTurn["info"],
});

/** A step as it came over the wire. */
export function stepTurn({ observation, reward, metadata }: ObservationBody): StepTurn {
  const { terminated, truncated, info } = metadata;
  return {
    observation: shown(observation),
    reward: reward as number,
    terminated,
    truncated,
    info: info as StepTurn["info"],
  };
}

/** The observation without the metadata that travels inside it. */
function shown({ metadata: _metadata, ...observation }: ObservationBody["observation"]): ResetTurn["observation"] {
  return observation;
}
