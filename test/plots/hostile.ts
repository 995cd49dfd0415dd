import type { CostRow, EpisodePoint, History, ReportInput, Timeline } from "../../plots/data.ts";
import { costs, episodes, reportInput, timeline } from "./recorded-run.ts";

/** Texts that a model or a stranger could put into a name. */
export const HOSTILE = {
  script: `<script>document.title="owned"</script>`,
  attribute: `x"onload="document.title='owned'" y='`,
  entity: `&lt;script&gt;&#x3c;img src=x onerror=1&#x3e;`,
  closing: `</title></style></svg></textarea><img src=x onerror="document.title='owned'">`,
  template: "${alert(1)} {{7*7}} datum['x']\\u003cscript\\u003e",
  /** Turned text, escapes, a lone surrogate: none may reach a page. */
  unprintable: ["\u0000", "\u001b", "\u202e", "\u2066", "\u2028", "\ud800"],
} as const;

const texts = [HOSTILE.script, HOSTILE.attribute, HOSTILE.entity, HOSTILE.closing, HOSTILE.template];
const hostile = (text: string): string => `${texts.join(" ")} ${text} ${HOSTILE.unprintable.join("")}`;

const agents = [...new Set(episodes.map(({ variant }) => variant))];

export const hostileEpisodes: EpisodePoint[] = episodes.map((episode, i) => ({
  ...episode,
  variant: `${texts[agents.indexOf(episode.variant)] ?? ""}${HOSTILE.unprintable.join("")}`,
  taskId: `<script>${episode.taskId}`,
  outcome: i % 7 === 0 ? hostile("outcome") : episode.outcome,
}));

export const hostileTimeline: Timeline = {
  ...timeline,
  title: hostile("title"),
  objectives: timeline.objectives.map((objective) => ({
    ...objective,
    name: `<script>${objective.name}`,
    unit: HOSTILE.attribute,
  })),
  actions: timeline.actions.map((action, i) => ({
    ...action,
    label: `${texts[i % texts.length] ?? ""}${HOSTILE.unprintable.join("")}`,
  })),
};

export const hostileCosts: CostRow[] = costs.map((row) => ({
  ...row,
  variant: hostileEpisodes.find((_, i) => episodes[i]?.variant === row.variant)?.variant ?? "",
}));

export const hostileHistory: History[] = reportInput.history.map(({ points }) => ({
  variant: hostile("history"),
  points: points.map((point) => ({ ...point, run: hostile("run"), at: HOSTILE.script, under: hostile(point.under) })),
}));

export const hostileReport: ReportInput = {
  ...reportInput,
  title: hostile("title"),
  generatedFor: hostile("for"),
  leaderboard: reportInput.leaderboard.map((row) => ({
    ...row,
    variant: hostile(row.variant),
    rank: HOSTILE.attribute,
  })),
  episodes: hostileEpisodes,
  timelines: [hostileTimeline],
  notRanked: [
    {
      variant: hostile("variant"),
      reasons: [{ code: hostile("code"), came: hostile("came"), wanted: hostile("wanted") }],
    },
  ],
  agents: texts.map((text) => ({ variant: hostile(text), facts: [[hostile("fact"), hostile(text)]] })),
  policy: [[hostile("policy"), hostile("value")]],
  providerErrors: texts.map((text, i) => ({
    variant: hostile(text),
    errorClass: hostile("class"),
    calls: i,
    unscored: 1,
  })),
  endings: reportInput.endings.map((row, i) => ({
    ...row,
    variant: hostile(row.variant),
    endings: { [hostile("ending")]: i, [texts[i % texts.length] ?? ""]: 1 },
  })),
  costs: hostileCosts,
  history: hostileHistory,
  power: hostile("power"),
  versions: [[hostile("name"), hostile("version")]],
  notes: texts,
};

/** A report with every one of these texts in every place that holds names, values or sentences. */
export function reportOf(hostileTexts: readonly string[]): ReportInput {
  const each = <Row>(make: (text: string, i: number) => Row): Row[] => hostileTexts.map(make);
  return {
    ...reportInput,
    title: hostileTexts.join(" "),
    generatedFor: hostileTexts.toReversed().join(" "),
    leaderboard: each((text, i) => ({ ...rowOf(reportInput.leaderboard, i), variant: text, rank: text })),
    notRanked: each((text) => ({ variant: text, reasons: [{ code: text, came: text, wanted: text }] })),
    agents: each((text) => ({ variant: text, facts: [[text, text]] })),
    policy: each((text) => [text, text]),
    providerErrors: each((text, i) => ({ variant: text, errorClass: text, calls: i, unscored: 1 })),
    endings: each((text, i) => ({ ...rowOf(reportInput.endings, i), variant: text, endings: { resolved: i } })),
    costs: each((text, i) => ({ ...rowOf(costs, i), variant: text })),
    power: hostileTexts.join(" "),
    episodes: [
      ...episodes,
      ...each((text, i) => ({ ...rowOf(episodes, i), variant: "a model", taskId: text, seed: i })),
    ],
    tasks: [...reportInput.tasks, ...each((text, i) => ({ ...rowOf(reportInput.tasks, i), taskId: text }))],
    timelines: Array.from({ length: Math.ceil(hostileTexts.length / ACTIONS) }, (_, i) => ({
      ...timeline,
      title: hostileTexts[i] ?? "",
      actions: hostileTexts.slice(i * ACTIONS, (i + 1) * ACTIONS).map((label, k) => ({
        minutes: k / 4,
        label,
        kind: "observe" as const,
      })),
    })),
    versions: each((text) => [text, text]),
    notes: hostileTexts,
  };
}

const rowOf = <Row>(rows: readonly Row[], i: number): Row => rows[i % rows.length] as Row;

/** Of a timeline: as many as an agent has in one episode. */
const ACTIONS = 24;
