import { describe, expect, test } from "vitest";
import { bootstrapMean, bootstrapRatio } from "../../../eval/stats/bootstrap.ts";
import { clusteredMean, clusteredStandardError } from "../../../eval/stats/clustered.ts";
import { holm } from "../../../eval/stats/holm.ts";
import { incompleteBeta } from "../../../eval/stats/incomplete-beta.ts";
import { mcnemar } from "../../../eval/stats/mcnemar.ts";
import { passAtK, passHatK } from "../../../eval/stats/pass-k.ts";
import { percentiles } from "../../../eval/stats/percentiles.ts";
import { pairsNeeded } from "../../../eval/stats/power.ts";
import { rankCorrelation } from "../../../eval/stats/rank-correlation.ts";
import { signFlip } from "../../../eval/stats/sign-flip.ts";
import { studentTCdf, studentTQuantile } from "../../../eval/stats/student-t.ts";
import { wilson } from "../../../eval/stats/wilson.ts";
import { samplesOf } from "./samples.ts";

/**
 * Every estimator against what others compute from the same data: SciPy 1.17.1, statsmodels 0.15.0, NumPy 2.4.6. Each
 * test names the call. Published examples stand in the test of each estimator.
 */

test.each([
  [0, 40, 0, 0.08762160119728668],
  [20, 40, 0.35199526933465375, 0.6480047306653463],
  [40, 40, 0.9123783988027134, 1],
  [3, 7, 0.15821985525146964, 0.7495416354723428],
  [999, 1000, 0.9943574414020421, 0.9998234536293739],
])("Wilson %i of %i is statsmodels' proportion_confint(method='wilson')", (successes, n, lower, upper) => {
  expect(wilson(successes, n).lower).toBeCloseTo(lower, 12);
  expect(wilson(successes, n).upper).toBeCloseTo(upper, 12);
});

describe("the clustered error and its t interval are those of statsmodels' WLS on a constant", () => {
  // WLS(y, ones, weights=1/trials).fit(cov_type='cluster', cov_kwds={'groups': task, 'df_correction': True}, use_t=True)
  test.each([
    {
      what: "equally many trials",
      tasks: [
        [1, 0, 1],
        [0, 0, 0],
        [1, 1, 1],
        [1, 0, 0],
        [0, 1, 1],
      ],
      value: 0.5333333333333333,
      error: 0.16996731711975954,
      lower: 0.06142840767257585,
      upper: 1.005238258994091,
    },
    {
      what: "unequally many trials",
      tasks: [[0.2, 0.4], [0.5], [0.9, 0.7, 0.8], [0.1, 0.3, 0.2, 0.6], [0.45], [0.75, 0.35]],
      value: 0.4833333333333334,
      error: 0.07601169500660919,
      lower: 0.28793905085341626,
      upper: 0.6787276158132505,
    },
  ])("$what", ({ tasks, value, error, lower, upper }) => {
    const samples = samplesOf(...tasks);
    expect(clusteredStandardError(samples)).toBeCloseTo(error, 12);
    const unclamped = clusteredMean(samples, -10, 10);
    expect(unclamped.value).toBeCloseTo(value, 12);
    expect(unclamped.lower).toBeCloseTo(lower, 10);
    expect(unclamped.upper).toBeCloseTo(upper, 10);
  });
});

test.each([
  [0.975, 4, 2.7764451051977934],
  [0.975, 39, 2.022690920036761],
  [0.9, 1, 3.0776835371752544],
  [0.6, 3, 0.2766706623326898],
  [0.999, 30, 3.3851848668293045],
  [0.975, 2.5, 3.5746548420036817],
])("the t quantile at %f with %f degrees is scipy.stats.t.ppf", (p, df, expected) => {
  expect(studentTQuantile(p, df)).toBeCloseTo(expected, 9);
});

test.each([
  [1.5, 4, 0.896],
  [-2.7, 39, 0.005100930084717033],
  [0.3, 1, 0.5927735790777423],
])("the t distribution at %f with %i degrees is scipy.stats.t.cdf", (t, df, expected) => {
  expect(studentTCdf(t, df)).toBeCloseTo(expected, 12);
});

test.each([
  [0.3, 2.5, 4.5, 0.40653901668245934],
  [0.9, 100, 12, 0.5667947281563593],
  [0.5, 2000, 2010, 0.5627452432205587],
])("the incomplete beta function at %f, %f, %f is scipy.special.betainc", (x, a, b, expected) => {
  expect(incompleteBeta(x, a, b)).toBeCloseTo(expected, 11);
});

test("far in its tail the incomplete beta function keeps its digits, as scipy.special.betainc does", () => {
  expect(incompleteBeta(0.01, 19.5, 0.5) / 1.2755561858384895e-40).toBeCloseTo(1, 10);
});

test.each([
  [1, 7, 0.0703125],
  [1, 8, 0.0390625],
  [0, 6, 0.03125],
  // Approval of a prime minister, asked twice: A. Agresti, "Categorical data analysis", table 10.1.
  [86, 150, 3.7159361395713866e-5],
  [12, 30, 0.007915897334896727],
  [3, 4, 1],
])("McNemar %i : %i is statsmodels' mcnemar(exact=True)", (onlyA, onlyB, expected) => {
  expect(mcnemar(onlyA, onlyB) / expected).toBeCloseTo(1, 9);
});

test("Holm's adjustment is statsmodels' multipletests(method='holm')", () => {
  // The fifteen p-values of Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate" (1995), section 4.
  const published = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
  ];
  const expected = [0.0015, 0.0056, 0.0247, 0.114, 0.2211, 0.278, 0.278, 0.278, 0.3213, 1, 1, 1, 1, 1, 1];
  for (const [i, p] of holm(published).entries()) expect(p).toBeCloseTo(expected[i] as number, 12);
});

test("the sign-flip test is scipy.stats.permutation_test(permutation_type='samples') over every assignment", () => {
  expect(signFlip([0.3, -0.1, 0.25, 0.4, -0.35, 0.15, 0.5, 0.05, -0.2, 0.45], 1)).toBeCloseTo(0.16015625, 12);
});

test.each([
  { n: 5, c: 2, k: 3, hat: 0, at: 0.9 },
  { n: 10, c: 4, k: 2, hat: 0.13333333333333333, at: 0.6666666666666667 },
  { n: 200, c: 13, k: 10, hat: 1.2738851058221088e-14, at: 0.4975511147306061 },
  { n: 25, c: 20, k: 5, hat: 0.2918125352907961, at: 0.9999811782420478 },
  { n: 8, c: 8, k: 3, hat: 1, at: 1 },
  { n: 7, c: 0, k: 2, hat: 0, at: 0 },
])("$c successes in $n trials at k = $k are scipy.stats.hypergeom", ({ n, c, k, hat, at }) => {
  const samples = samplesOf(Array.from({ length: n }, (_, i) => (i < c ? 1 : 0)));
  expect(passHatK(samples, k, 1).value).toBeCloseTo(hat, 14);
  expect(passAtK(samples, k, 1).value).toBeCloseTo(at, 12);
});

describe("percentile bootstraps lie where all resamples put them", () => {
  // All 7^7 resamples, weighed by how often each comes up; scipy.stats.bootstrap(method='percentile') with two million
  // resamples gives the same bounds. Ten thousand may miss by a step of the distribution.
  test("of a mean: survival of seven mice, from B. Efron and R. Tibshirani (1993), table 2.1, in units of 200 days", () => {
    const { value, lower, upper } = bootstrapMean(samplesOf(...MICE.map((days) => [days / 200])), 1);
    expect(value).toBeCloseTo(86.857142857 / 200, 9);
    expect(Math.abs((lower as number) - 0.21714285714285714)).toBeLessThan(0.01);
    expect(Math.abs((upper as number) - 0.6721428571428572)).toBeLessThan(0.01);
  });

  test("of a ratio", () => {
    const numerators = [0, 1, 2, 0, 3, 1, 4];
    const denominators = [2, 1, 3, 1, 3, 2, 9];
    const parts = numerators.map((numerator, i) => ({
      taskId: `t${i}`,
      numerator,
      denominator: denominators[i] as number,
    }));
    const { value, lower, upper } = bootstrapRatio(parts, 1);
    expect(value).toBeCloseTo(0.5238095238095238, 12);
    expect(Math.abs((lower as number) - 0.3157894736842105)).toBeLessThan(0.01);
    expect(Math.abs((upper as number) - 0.7777777777777778)).toBeLessThan(0.01);
  });
});

const MICE = [94, 197, 16, 38, 99, 141, 23];

test.each([
  [0.2, 49.0553781867026],
  [0.1, 196.2215127355966],
  [0.05, 784.8860506688932],
])("a difference of %f needs statsmodels' NormalIndPower(ddof=0).solve_power(ratio=0) pairs", (difference, pairs) => {
  expect(pairsNeeded(difference)).toBe(Math.ceil(pairs));
});

test("percentiles are numpy.percentile", () => {
  const { p50, p90, p99 } = percentiles([0.12, 3.4, 2.2, 8.1, 0.7, 1.9, 5.5, 12.2, 0.4, 2.8]);
  expect(p50).toBeCloseTo(2.5, 12);
  expect(p90).toBeCloseTo(8.51, 12);
  expect(p99).toBeCloseTo(11.831, 12);
});

test("the rank correlation with ties is scipy.stats.spearmanr", () => {
  const x = [1, 2, 2, 3, 5, 5, 5, 8];
  const y = [2, 1, 4, 4, 3, 7, 6, 9];
  expect(rankCorrelation(x.map((value, i) => [value, y[i] as number] as const))).toBeCloseTo(0.7841896995149691, 12);
});
