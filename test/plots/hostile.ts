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
  costs: hostileCosts,
  history: hostileHistory,
  power: hostile("power"),
  versions: [[hostile("name"), hostile("version")]],
  notes: texts,
};
