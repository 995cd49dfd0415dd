import { agentKinds } from "../../../agents/index.ts";
import type { EpisodeEntry } from "../../../env/store/store.ts";
import { exceeded } from "../../anchors/bounds.ts";
import type { Verification } from "../../verify/verify.ts";
import { finalOf, scoredOf } from "../entry.ts";
import type { Entry } from "../entry.ts";
import { metricsOf } from "../metrics.ts";
import { when } from "./rule.ts";
import type { Rule } from "./rule.ts";

/** Whether the scale holds, and whether the result can be had again. */
export const proofRules: readonly Rule[] = [
  {
    code: "L09",
    wants: "random, runbook and expert stored for the same versions and seeds, within their bounds",
    failures: ({ entry, anchors }) => anchorFailures(entry, anchors),
  },
  {
    code: "L10",
    wants: "every scored episode replays to the same hashes and score",
    failures: ({ entry, verification }) => replayFailures(entry, verification),
  },
];

const REQUIRED_ANCHORS = ["random", "runbook", "expert"] as const;

function anchorFailures(entry: Entry, anchors: readonly Entry[]): string[] {
  const pages = new Set(entry.slots.map(pageOf));
  return REQUIRED_ANCHORS.flatMap((kind) => {
    const own = anchors
      .filter(({ variant }) => variant.kind === kind)
      .map((anchor) => scoredOf(anchor).filter((episode) => pages.has(pageOf(episode))))
      .toSorted((a, b) => b.length - a.length)[0];
    const met = new Set((own ?? []).map(pageOf)).size;
    if (own === undefined || met === 0) return [`No ${kind} episodes are stored for these versions and seeds.`];
    if (met < pages.size) return [`${kind} has ${met} of the ${pages.size} pages.`];
    return boundFailures(kind, own);
  });
}

const pageOf = ({ specHash, seed }: { readonly specHash: string; readonly seed: number }): string =>
  `${specHash}/${seed}`;

/** The runbook breaks a bound when its whole interval lies beyond; the others when their value does. */
function boundFailures(kind: string, episodes: readonly EpisodeEntry[]): string[] {
  const metrics = metricsOf(episodes, ["mean_score", "success_rate", "resolved_rate", "clean_success_rate"]);
  const bounds = agentKinds.find(({ name }) => name === kind)?.bounds ?? [];
  return bounds.flatMap((bound) => {
    const side = kind !== "runbook" ? "value" : bound.includes("<") ? "lower" : "upper";
    const figure = (name: string): number => metrics[name]?.[side] ?? metrics[name]?.value ?? 0;
    const row = {
      policy: kind,
      summary: "",
      episodes: episodes.length,
      by_difficulty: {},
      score: figure("mean_score"),
      success: figure("success_rate"),
      resolved: figure("resolved_rate"),
      clean_success: figure("clean_success_rate"),
      bounds: [bound],
    };
    return exceeded({ rows: [row] });
  });
}

function replayFailures(entry: Entry, verification: Verification | null): string[] {
  const lost = scoredOf(entry).filter(({ trajectorySha256 }) => trajectorySha256 === null).length;
  const own = new Set(finalOf(entry).map(({ episodeId }) => episodeId));
  const differing = (verification?.mismatches ?? []).filter(({ episodeId }) => own.has(episodeId)).length;
  const { variantId } = entry.variant;
  const problems = (verification?.problems ?? []).filter((one) => (one.variantId ?? variantId) === variantId);
  return [
    ...when(lost > 0, `Scored episodes without a trajectory: ${lost}.`),
    ...when(differing > 0, `Episodes that replay otherwise than they are stored: ${differing}.`),
    ...problems.slice(0, 1).map(({ what, detail }) => `${what}: ${detail}.`),
  ];
}
