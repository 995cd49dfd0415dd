/** Dynamics and telemetry. Raised by any change that alters a trajectory. */
export const ENV_VERSION = "1.0.0";

/** Score, rewards, checks and metrics. Raised by any change that alters a verdict. */
export const SCORING_VERSION = "1.0.0";
