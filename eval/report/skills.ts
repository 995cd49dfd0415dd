import type { EpisodeEntry } from "../../env/store/store.ts";
import { bootstrapMean } from "../stats/bootstrap.ts";
import { NOTHING, RESAMPLING_SEED } from "../stats/estimate.ts";
import type { TaskEstimate } from "../stats/estimate.ts";
import { scoredOf } from "./entry.ts";
import type { Entry } from "./entry.ts";
import { needsHistory } from "./slices.ts";
import type { Cause, CauseOf } from "./slices.ts";

/** A skill, measured by checks of the scorer: the mean of those that apply. */
interface Skill {
  readonly name: string;
  /** Empty: our incidents do not measure it. */
  readonly checks: readonly string[];
  /** Episodes that say something about it; all when absent. */
  readonly over?: (episode: EpisodeEntry, cause: Cause | null) => boolean;
}

const MANY_SERVICES = 3;

const hasFix = ({ metrics }: EpisodeEntry): boolean => metrics?.["has_fix"] === true;
const isLong = (_: EpisodeEntry, cause: Cause | null): boolean =>
  cause !== null &&
  (needsHistory(cause.task) || new Set(cause.sibling.needed.map(({ service }) => service)).size >= MANY_SERVICES);

/** In the manner of Milo-Bench's categories. They are never added up to one number. */
export const SKILLS: readonly Skill[] = [
  { name: "tool calling", checks: ["calls_parse", "args_valid"] },
  { name: "tool selection", checks: ["looked_first", "needed_only", "held_back"] },
  { name: "multi-step chains", checks: ["evidence_complete", "in_order", "verified", "closed"], over: hasFix },
  { name: "structured output", checks: ["close_valid", "service_right", "fault_right"] },
  { name: "long context", checks: ["evidence_complete", "no_reask", "fault_right"], over: isLong },
  {
    name: "cost efficiency",
    checks: ["steps_ok", "no_reask", "needed_only"],
    over: ({ outcome }) => outcome === "success",
  },
  {
    name: "agentic workflow",
    checks: [
      "calls_parse",
      "evidence_complete",
      "fix_right",
      "durable",
      "verified",
      "service_right",
      "fault_right",
      "closed",
    ],
    over: ({ difficulty }) => difficulty === "hard",
  },
  { name: "error recovery", checks: ["recovered"] },
  { name: "coding", checks: [] },
];

/** An entry's value in one skill. */
export interface SkillValue {
  readonly skill: string;
  readonly label: string;
  /** Whether our incidents say anything about it. */
  readonly measured: boolean;
  /** Mean over tasks, in [0, 1]. */
  readonly value: TaskEstimate;
}

/** Every skill of every entry, skill by skill. */
export const skillsOf = (entries: readonly { entry: Entry; label: string }[], causeOf: CauseOf): SkillValue[] =>
  SKILLS.flatMap((skill) =>
    entries.map(({ entry, label }) => ({
      skill: skill.name,
      label,
      measured: skill.checks.length > 0,
      value: valueOf(skill, scoredOf(entry), causeOf),
    })),
  );

function valueOf({ checks, over }: Skill, episodes: readonly EpisodeEntry[], causeOf: CauseOf): TaskEstimate {
  if (checks.length === 0) return NOTHING;
  const samples = episodes.flatMap((episode) => {
    if (over !== undefined && !over(episode, causeOf(episode))) return [];
    const applicable = checks.flatMap((check) => episode.checks?.[check] ?? []);
    const passed = applicable.filter(Boolean).length;
    return applicable.length === 0 ? [] : [{ taskId: episode.taskId, value: passed / applicable.length }];
  });
  return bootstrapMean(samples, RESAMPLING_SEED);
}
