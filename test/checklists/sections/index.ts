import type { Section } from "../row.ts";
import { anodeEvals } from "./anode-evals.ts";
import { categories } from "./categories.ts";
import { checks } from "./checks.ts";
import { fre4xBenchmark } from "./fre4x-benchmark.ts";
import { miloBench } from "./milo-bench.ts";
import { sreZeroArticle } from "./sre-zero-article.ts";
import { sreZeroEnvironment } from "./sre-zero-environment.ts";
import { sreZeroHarness } from "./sre-zero-harness.ts";
import { sreZeroRepository } from "./sre-zero-repository.ts";

/** The systems that this project replaces, what each has or must not be repeated, and where it can be seen. */
export const sections: readonly Section[] = [
  sreZeroArticle,
  sreZeroRepository,
  sreZeroHarness,
  sreZeroEnvironment,
  miloBench,
  anodeEvals,
  fre4xBenchmark,
  checks,
  categories,
];
