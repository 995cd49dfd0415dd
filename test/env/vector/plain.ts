import type { VectorBatch } from "../../../env/vector/index.ts";

/** A batch as plain data: what is kept of it must not change with the next. */
export const plain = ({ observations, rewards, terminated, truncated, flags, masks, ended }: VectorBatch) => ({
  observations: Array.from(observations),
  rewards: Array.from(rewards),
  terminated: Array.from(terminated),
  truncated: Array.from(truncated),
  flags: Array.from(flags),
  masks: Array.from(masks),
  ended: ended.map(({ finalObservation, ...rest }) => ({ ...rest, final: Array.from(finalObservation ?? []) })),
});
