import { PassThrough } from "node:stream";
import Fastify from "fastify";
import { expect, onTestFinished, test } from "vitest";
import { watchStalls } from "../../../env/server/stalls.ts";

test("a loop that keeps everybody waiting is logged", async () => {
  const stream = new PassThrough();
  const app = Fastify({ logger: { level: "warn", stream } });
  onTestFinished(() => app.close());
  watchStalls(app);
  await app.ready();
  await new Promise((resolve) => setTimeout(resolve, 50)); // the first reading begins with a turn of the loop
  const end = performance.now() + 700;
  while (performance.now() < end);
  const [line] = (await new Promise<Buffer>((resolve) => stream.once("data", resolve))).toString().split("\n");
  expect(JSON.parse(line ?? "")).toMatchObject({ level: 40, msg: "the event loop stalled" });
  expect((JSON.parse(line ?? "") as { ms: number }).ms).toBeGreaterThan(500);
});
