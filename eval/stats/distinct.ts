/**
 * Episodes of one variant with copies taken out: equal trajectories of one task are one observation, however often
 * they were played, and counting them again would only narrow the intervals. The first of each is kept.
 * @param episodes an absent hash (the trajectory was not stored) is never a copy
 */
export function distinctTrajectories<
  Episode extends { readonly taskId: string; readonly trajectorySha256: string | null },
>(episodes: readonly Episode[]): Episode[] {
  const seen = new Set<string>();
  return episodes.filter(({ taskId, trajectorySha256 }) => {
    if (trajectorySha256 === null) return true;
    const key = `${trajectorySha256}/${taskId}`;
    return !seen.has(key) && seen.add(key);
  });
}
