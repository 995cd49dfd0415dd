/**
 * Loaded first into a server's process, whose code knows nothing of it: answers how much memory is in use once all
 * garbage is gone, and ends the process when the bar that started it is gone.
 */
export type ProbeAnswer = Readonly<{ heapBytes: number }>;

process.on("message", () => {
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error("The probe needs node --expose-gc.");
  for (let i = 0; i < 3; i += 1) collect();
  process.send?.({ heapBytes: process.memoryUsage().heapUsed } satisfies ProbeAnswer);
});
process.on("disconnect", () => process.exit(1));
process.channel?.unref();
