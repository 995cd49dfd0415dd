import type { ObservationBody } from "../../contract/http.ts";

/** What a guest is told of a turn: what an agent may see, and whether it was the last. No reward, no info. */
export function agentBody({
  observation,
  done,
  metadata,
}: Omit<ObservationBody, "observation"> & { observation: object }) {
  const { terminated, truncated } = metadata;
  const bare = { terminated, truncated, info: {} };
  return { observation: { ...observation, metadata: bare }, reward: null, done, metadata: bare };
}
