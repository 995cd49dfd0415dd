import { coreSuite } from "../../tasks/index.ts";
import { CONFIG_BOUND, PAGE_MARGIN, settingsShare } from "../leaks/bounds.ts";
import { policies, shownBy } from "../leaks/policies.ts";
import { probeConfigs, probePages } from "../leaks/probes.ts";
import { twinsOf } from "../leaks/twins.ts";

/**
 * What the first page and what configuration give away, and whether hidden labels change a byte, at full size.
 * Usage: leaks.ts [seeds for pages] [seeds for configuration] [action sequences for each task], 1,000, 300, 25 without.
 */
const [pageSeeds = 1000, configSeeds = 300, sequences = 25] = process.argv.slice(2).map(Number);
const percent = (share: number | undefined): string => `${(100 * (share ?? Number.NaN)).toFixed(1)} %`.padStart(8);
const print = (...cells: readonly string[]): void => void process.stdout.write(`${cells.join("  ")}\n`);

const pages = probePages(pageSeeds);
const configs = probeConfigs(configSeeds);
print("Pages: share of causes told by", "the prior,", "naive Bayes,", "neighbours,", "the best of these;");
print("configuration: of an incident never met, and of one known by heart");
for (const { id } of coreSuite.tasks) {
  const page = pages.byTask.get(id);
  const config = configs.byTask.get(id);
  const cells = [page?.constant, page?.words, page?.numbers, page?.best, config?.unseen, config?.seen];
  print(id.padEnd(8), ...cells.map(percent));
}
const { constant, words, numbers, best } = pages.all;
print("all".padEnd(8), ...[constant, words, numbers, best, configs.unseen, configs.seen].map(percent));

let differing = 0;
for (const task of coreSuite.tasks) {
  const [plain, other] = twinsOf(task);
  for (let seed = 0; seed < sequences; seed += 1) {
    const actions = policies.random?.(task, seed) ?? [];
    const bytes = [plain, other].map((twin) => JSON.stringify(shownBy(twin, seed, actions)));
    if (bytes[0] === bytes[1]) continue;
    differing += 1;
    print(`${task.id} seed ${seed}: hidden labels change what is shown`);
  }
}

const told = Math.max(words, numbers, best);
const isMet =
  told <= constant + PAGE_MARGIN &&
  configs.unseen <= CONFIG_BOUND &&
  configs.seen <= settingsShare() &&
  differing === 0;
print(
  JSON.stringify({
    bar: "leaks",
    pages: { tested: pages.tested, prior: constant, told, bound: constant + PAGE_MARGIN },
    configs: {
      tested: configs.tested,
      unseen: configs.unseen,
      bound: CONFIG_BOUND,
      seen: configs.seen,
      seen_bound: settingsShare(),
    },
    twins: { sequences: sequences * coreSuite.tasks.length, differing },
  }),
);
process.exitCode = isMet ? 0 : 1;
