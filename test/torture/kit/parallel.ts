/** Does a numbered task `count` times, from 0 on, never more than `atOnce` at the same time. */
export async function inParallel(
  atOnce: number,
  count: number,
  task: (number: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) await task(next++); // oxlint-disable-line no-await-in-loop
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, work));
}
