import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { huntCanaries } from "../eval/provider/canaries.ts";
import { meetEveryFault } from "../eval/provider/every-fault.ts";

/**
 * Twelve keys, a provider that gives them away in every reply and error, and a search for them in all that is written.
 * Then every fault of the mock in real time: each request must end as one of the ways that there are.
 * Usage: providers.ts [calls] [requests for each fault], 5,000 and 5 without.
 */
const [calls = 5000, rounds = 5] = process.argv.slice(2).map(Number);
const print = (text: string): void => void process.stdout.write(`${text}\n`);
const folder = mkdtempSync(join(tmpdir(), "oncall-canaries-"));
const began = performance.now();
const hunt = await huntCanaries(calls, folder);
rmSync(folder, { recursive: true });
const met = await meetEveryFault(rounds);

for (const hit of hunt.hits) print(hit);
const isMet = hunt.hits.length === 0 && hunt.calls >= calls && hunt.hidden > hunt.calls / 10 && met.undefined === 0;
const ms = Math.round(performance.now() - began);
print(JSON.stringify({ bar: "providers", canaries: { ...hunt, hits: hunt.hits.length }, faults: met, ms }));
process.exitCode = isMet ? 0 : 1;
