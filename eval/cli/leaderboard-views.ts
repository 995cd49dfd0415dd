import type { UnrankedRow } from "../report/board.ts";
import type { Composites } from "../report/composites.ts";
import { groupBy } from "../report/group-by.ts";
import type { SkillValue } from "../report/skills.ts";
import type { Slice } from "../report/slices.ts";
import { dollars } from "../report/use.ts";
import { ABSENT, decimal, grouped, interval, percent, plain } from "../report/numbers.ts";
import { tableText } from "./output.ts";

/** Results by difficulty, service or fault: every agent in every slice. */
export const slicesText = (by: string, slices: readonly Slice[]): string =>
  tableText(
    [
      by,
      "agent",
      "score [95 %]",
      "success [95 %]",
      "evidence",
      "wrong fixes",
      "distractors",
      "invalid",
      "steps",
      "tasks",
      "n",
    ],
    slices.map(({ slice, label, metrics, tasks, scored }) => [
      slice,
      label,
      interval(metrics.mean_score),
      interval(metrics.success_rate),
      plain(metrics.evidence_coverage),
      plain(metrics.wrong_remediation_rate),
      plain(metrics.distractor_failure_rate),
      plain(metrics.invalid_action_rate),
      plain(metrics.mean_steps, 1),
      `${tasks}`,
      `${scored}`,
    ]),
  );

/** Successes of scored episodes and the mean score: one row for each task, one column for each agent. */
export function taskText(slices: readonly Slice[]): string {
  const labels = [...new Set(slices.map(({ label }) => label))];
  const rows = [...groupBy(slices, ({ slice }) => slice)].map(([task, own]) => [
    task,
    ...labels.map((label) => taskCell(own.find((slice) => slice.label === label))),
  ]);
  return tableText(["task", ...labels], rows);
}

const taskCell = (slice: Slice | undefined): string =>
  slice === undefined ? ABSENT : `${slice.successes}/${slice.scored}  ${plain(slice.metrics.mean_score)}`;

const NOT_MEASURED = "n/a";

/** Skills, each with its n, and the composite rates below them. */
export function skillsText(skills: readonly SkillValue[], composites: readonly Composites[]): string {
  const labels = [...new Set(skills.map(({ label }) => label))];
  const rows = [...groupBy(skills, ({ skill }) => skill)].map(([skill, values]) => [
    skill,
    ...values.map(({ measured, value }) => (measured ? withN(value) : NOT_MEASURED)),
  ]);
  const rates = COMPOSITES.map(({ name, of }) => [name, ...composites.map((one) => withN(of(one)))]);
  return tableText(["skill", ...labels], [...rows, ...rates]);
}

const COMPOSITES = [
  { name: "tool_call_success", of: ({ toolCallSuccess }: Composites) => toolCallSuccess },
  { name: "task_completion", of: ({ taskCompletion }: Composites) => taskCompletion },
  { name: "rework_rate", of: ({ reworkRate }: Composites) => reworkRate },
];

const withN = (value: SkillValue["value"]): string =>
  value.value === null ? ABSENT : `${interval(value)} n ${value.n}`;

/** Tokens, money and time of every entry. Waits are apart from latency: they are nobody's speed. */
export const costText = (rows: readonly UnrankedRow[]): string =>
  tableText(
    [
      "agent",
      "success",
      "calls",
      "failed",
      "tokens in",
      "tokens out",
      "tokens per success",
      "scored cost",
      "total cost",
      "cost per success",
      "unpriced",
      "latency s p50 / p90 / p99",
      "waited min",
    ],
    rows.map(({ label, summary: { successes, scored, use } }) => [
      label,
      `${successes}/${scored} (${percent(scored === 0 ? null : successes / scored)})`,
      grouped(use.calls),
      grouped(use.failedCalls),
      grouped(use.inputTokens),
      grouped(use.outputTokens),
      grouped(use.tokensPerSuccess),
      dollars(use.scoredCostUusd) ?? ABSENT,
      dollars(use.totalCostUusd, use.unpriced) ?? ABSENT,
      dollars(use.costPerSuccessUusd, use.unpriced) ?? ABSENT,
      grouped(use.unpriced),
      [use.latencyMs.p50, use.latencyMs.p90, use.latencyMs.p99].map(seconds).join(" / "),
      decimal(use.waitingMs === null ? null : use.waitingMs / 60_000, 1),
    ]),
  );

const seconds = (ms: number | null): string => decimal(ms === null ? null : ms / 1000, 1);
