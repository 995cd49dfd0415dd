import { vectorSpec } from "../../env/vector/index.ts";

const { action_space_id, obs_space_id, env_version } = vectorSpec;

/** The tables that a policy's numbers belong to; one that was trained for others cannot play. */
export const vectorIds = { action_space_id, obs_space_id, env_version } as const;
