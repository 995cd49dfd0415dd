import { oncallServe, seconds, startedNode } from "../../eval/bench/process.ts";
import type { BenchResult } from "./result.ts";
import { compare } from "./rounds.ts";

/** P14: from the start of `oncall serve` until it has answered a first request. */
export const benchServerStart = (): Promise<BenchResult> =>
  compare({
    id: "P14",
    title: "start of oncall serve to its first reply",
    unit: "s",
    target: "≤ 0.8 s",
    bound: "reading and compiling the modules",
    baseline: { name: "start of Node with tsx", run: () => seconds(startedNode) },
    ours: { name: "first reply", run: firstReply },
  });

async function firstReply(): Promise<number> {
  const began = performance.now();
  const server = await oncallServe();
  const answer = await fetch(`${server.url}/reset`, { method: "POST" });
  await answer.json();
  const took = (performance.now() - began) / 1000;
  await server.stop();
  return took;
}
