import { z } from "zod";
import { CAUSE_SERVICES } from "./actions/resolve-incident.ts";
import { Drawn, DrawnNumber, Setting } from "./faults/define.ts";
import { Fault, FAULTS } from "./faults/index.ts";
import { SLO_NAMES } from "./slo.ts";
import { SERVICES } from "./topology.ts";

const Service = z.enum(SERVICES);

/** A step of a fix or of a distractor; `wait` lets ticks pass by looking. */
export const FixStep = z.union([
  z.strictObject({ type: z.literal("update_config"), service: Service, key: z.string(), value: Drawn }),
  z.strictObject({ type: z.literal("restart_service"), service: Service }),
  z.strictObject({ wait: z.int().positive() }),
]);
export type FixStep = z.infer<typeof FixStep>;

/** A change that belongs to an accepted fix: a restart, or a key with the values that count. */
export const Accepted = z.union([
  z.strictObject({ restart: Service }),
  z.strictObject({
    service: Service,
    key: z.string(),
    /** It sheds load on purpose until the key is set again: what users lose meanwhile is no harm. */
    sheds: z.literal(true).optional(),
    between: z.tuple([z.number(), z.number()]).optional(),
    /** One more value that counts, such as 0 for "off". */
    or: z.union([z.number(), z.boolean(), z.string()]).optional(),
    is: z.array(z.union([z.number(), z.boolean(), z.string()])).optional(),
  }),
]);
export type Accepted = z.infer<typeof Accepted>;

/**
 * A piece of evidence: an observation of that kind and service that showed something.
 * `row` may end in `{host}`: any of the hosts. `shows: "normal"` wants the row at its usual value.
 */
export const Evidence = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("metrics"),
    service: Service,
    rows: z.array(z.string()).min(1),
    shows: z.enum(["abnormal", "normal"]).default("abnormal"),
  }),
  z.strictObject({ kind: z.literal("logs"), service: Service, line: z.string() }),
  z.strictObject({ kind: z.literal("config"), service: Service, key: z.string() }),
  z.strictObject({
    kind: z.literal("status"),
    service: Service,
    shows: z.enum(["up", "degraded", "down", "ping_failed"]),
  }),
]);
export type Evidence = z.infer<typeof Evidence>;

/** A stretch of the onset. */
const Phase = z.strictObject({
  ticks: DrawnNumber,
  /** Factor on the load during this phase; absent: the sibling's. */
  load: DrawnNumber.optional(),
  /** Factor on every database statement during this phase. */
  stall: DrawnNumber.optional(),
  /** The primary moves to another address as this phase begins. */
  failover: z.literal(true).optional(),
});

/** A line in a service's log about something that was over before the page. */
const PastEvent = z.strictObject({ service: Service, line: z.string(), minutes_ago: DrawnNumber });

export const Sibling = z.strictObject({
  /** Accepted diagnoses; the first is the reference. */
  diagnosis: z.array(z.strictObject({ service: z.enum(CAUSE_SERVICES), fault: z.enum(FAULTS) })).min(1),
  /** What a right answer is. `escalate` names the provider that must be told. */
  answer: z
    .union([z.enum(["fix", "no_fault"]), z.strictObject({ escalate: z.enum(["payment", "network", "mail", "cdn"]) })])
    .default("fix"),
  /** Factor on the base load from the onset on. */
  load: DrawnNumber.default(1),
  /** Configuration that has been like this for long; with `hours_ago`, histories show when it was set. */
  standing: z.array(Setting).default([]),
  /** Messages per second that the batch tenant has always published. */
  batch_usual_rps: DrawnNumber.default(0),
  /** Minutes before the page at which the release in use was rolled out; absent: the seed's choice. */
  deployed_minutes_ago: DrawnNumber.optional(),
  past: z.array(PastEvent).default([]),
  faults: z.array(Fault).min(1),
  onset: z
    .array(Phase)
    .min(1)
    .default([{ ticks: { between: [34, 50] } }]),
  /** Whether judgement runs the onset's phases once more. */
  replay: z.boolean().default(false),
  needed: z.array(Evidence).min(2),
  /** Changes that belong to an accepted fix. */
  accepted: z.array(Accepted).default([]),
  /** The reference fix, then others that also cure. */
  fixes: z.array(z.array(FixStep)).default([]),
  /** Ticks after the reference fix until the panel is green: how long a careful responder looks on. */
  recovery_ticks: z.int().positive().default(4),
  /** Plausible actions that were verified not to cure. */
  distractors: z.array(z.array(FixStep)).default([]),
});
export type Sibling = z.output<typeof Sibling>;

/** What makes an incident difficult; the grades of a task add up to its band. */
export const RUBRIC = [
  { letter: "H", means: "hops from the alerting symptom to the cause", most: 3 },
  { letter: "D", means: "live distractors", most: 3 },
  { letter: "E", means: "pieces of evidence beyond two", most: 3 },
  { letter: "C", means: "2 where the fix is compound or ordered", most: 2 },
  { letter: "M", means: "metrics alone cannot settle it", most: 1 },
  { letter: "X", means: "the tempting fix does harm", most: 1 },
  { letter: "T", means: "needs a trend or a history", most: 1 },
  { letter: "N", means: "the right answer is no change, or to escalate", most: 1 },
] as const;

const Grade = (most: number) => z.int().min(0).max(most);

/** The grades of a task, in the order of `RUBRIC`. */
export const Rubric = z.tuple([
  Grade(RUBRIC[0].most),
  Grade(RUBRIC[1].most),
  Grade(RUBRIC[2].most),
  z.union([z.literal(0), z.literal(2)]),
  Grade(RUBRIC[4].most),
  Grade(RUBRIC[5].most),
  Grade(RUBRIC[6].most),
  Grade(RUBRIC[7].most),
]);

export const DIFFICULTIES = ["easy", "medium", "hard"] as const;
export type Difficulty = (typeof DIFFICULTIES)[number];

export const Task = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,62}$/),
  spec_version: z.int().positive(),
  difficulty: z.enum(DIFFICULTIES),
  rubric: Rubric,
  /** The objective whose breach pages. */
  pages_on: z.enum(SLO_NAMES as [string, ...string[]]),
  /** Half-width of the seed's draw of the base load. */
  load_jitter: z.number().min(0).max(0.1).default(0.03),
  /** Keys besides those of the siblings that must keep their default. */
  keep: z.array(z.strictObject({ service: Service, key: z.string() })).default([]),
  /** The window in which it neither heals nor lacks a cure is narrow: a reset tries both, and walks on if one fails. */
  narrow: z.boolean().default(false),
  /** Where the incident comes from, if from the world outside. */
  source: z.string().optional(),
  siblings: z.array(Sibling).min(1),
});
export type Task = z.output<typeof Task>;
export type TaskInput = z.input<typeof Task>;

/** Checks a task's definition. Throws z.ZodError, whose message names each wrong field. */
export const defineTask = (task: TaskInput): Task => Task.parse(task);

/** Steps and changes that an episode may use, by band. */
export const BUDGETS: Readonly<Record<Difficulty, { readonly steps: number; readonly changes: number }>> = {
  easy: { steps: 14, changes: 3 },
  medium: { steps: 18, changes: 4 },
  hard: { steps: 24, changes: 6 },
};

export const SPLITS = ["train", "dev", "test"] as const;
export type SplitName = (typeof SPLITS)[number];

/** A set of tasks that belong together, under one version. */
export interface Suite {
  readonly name: string;
  readonly version: string;
  readonly tasks: readonly Task[];
  /** Task ids of each split, in order. */
  readonly splits: Readonly<Record<SplitName, readonly string[]>>;
}

/** `core@1.0.0` */
export const suiteId = (suite: Suite): string => `${suite.name}@${suite.version}`;
