import fc from "fast-check";
import { fuzzHttp } from "./fuzz/http.ts";
import type { OpenApi } from "./fuzz/http.ts";
import { fuzzInProcess } from "./fuzz/in-process.ts";
import { fuzzMcp } from "./fuzz/mcp.ts";
import type { Published } from "./fuzz/replies.ts";
import type { FuzzRequest, FuzzTarget } from "./fuzz/request.ts";
import { fuzzWs } from "./fuzz/ws.ts";
import { report } from "./kit/report.ts";
import { startServer } from "./kit/server-process.ts";
import { readSizes } from "./kit/sizes.ts";

/**
 * Requests drawn from the published schemas over every transport, a third each valid, nearly valid and wrong: no bug, no
 * exit, only documented refusals, every reply in form, everything wrong refused; an episode afterwards is as before.
 * Usage: fuzz.ts [requests for each transport] [seed], 1,000,000 without.
 */
const { requests, seed } = readSizes("fuzz", { requests: 1_000_000 });

const server = await startServer();
const fetched = async <Body>(path: string): Promise<Body> => (await (await fetch(server.url + path)).json()) as Body;
const published = await fetched<Published>("/schema");
const targets: Readonly<Record<string, FuzzTarget>> = {
  "in-process": await fuzzInProcess(),
  ws: fuzzWs(server.url, published),
  http: fuzzHttp(server.url, published, await fetched<OpenApi>("/openapi.json")),
  mcp: fuzzMcp(server.url, published),
};
const wrong: Record<string, number> = {};
const asked: Record<string, number> = {};
for (const [name, target] of Object.entries(targets)) {
  // oxlint-disable no-await-in-loop
  const before = await target.episode();
  const property = fc.asyncProperty(target.requests as fc.Arbitrary<FuzzRequest<never>>, async (request) => {
    const problem = await target.judge(request);
    asked[request.kind] = (asked[request.kind] ?? 0) + 1;
    if (problem !== null) throw new Error(problem);
  });
  // Sessions remember what came before, so that a shorter request proves nothing.
  const result = await fc.check(property, { numRuns: requests, seed, endOnFailure: true });
  if (result.failed)
    process.stderr.write(`${name}: ${JSON.stringify(result.counterexample)}: ${String(result.errorInstance)}\n`);
  wrong[`wrong_${name}`] = result.failed ? 1 : 0;
  wrong[`changed_${name}`] = (await target.episode()) === before ? 0 : 1;
  await target.end();
  // oxlint-enable no-await-in-loop
}
const isAlive = server.ended === null;
const bugs = server.log.match(/unexpected error/g)?.length ?? 0;
const { code } = await server.stop();
report({
  bar: "fuzz",
  seed,
  facts: { requests },
  zero: { ...wrong, exits: isAlive ? 0 : 1, bugs },
  exactly: { exit_code: [code ?? -1, 0] },
  atLeast: Object.fromEntries(
    ["valid", "near", "negative"].map((kind) => [kind, [asked[kind] ?? 0, requests] as const]),
  ),
});
