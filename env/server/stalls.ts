import { monitorEventLoopDelay } from "node:perf_hooks";
import type { FastifyInstance } from "fastify";

/** Longest time for which the event loop may serve nobody before it is worth a line in the log. */
const STALL_MS = 500;
/** How often that is looked at. */
const LOOK_MS = 1000;
const NS_PER_MS = 1e6;

/** Logs when something kept the whole server waiting: every session shares one event loop. */
export function watchStalls(app: FastifyInstance): void {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const timer = setInterval(() => {
    const ms = Math.round(delay.max / NS_PER_MS);
    if (ms > STALL_MS) app.log.warn({ ms }, "the event loop stalled");
    delay.reset();
  }, LOOK_MS).unref();
  app.addHook("onClose", (_app, done) => {
    clearInterval(timer);
    delay.disable();
    done();
  });
}
