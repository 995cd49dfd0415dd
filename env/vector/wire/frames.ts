import { z } from "zod";
import type { FrameIssue } from "../../contract/frames.ts";
import { REWARD_MODES } from "../../core/reward.ts";
import { DIFFICULTIES, SPLITS } from "../../core/task.ts";
import { AUTORESETS } from "../vector-env.ts";

const Seed = z.int().min(0);
const TaskId = z.string().max(80);
const Seq = z.int().min(1);

const Open = z.strictObject({
  num_envs: z.int().min(1),
  format: z.enum(["json", "binary"]).default("json"),
  observation: z.enum(["features", "full"]).default("features"),
  autoreset: z.enum(AUTORESETS).default("next_step"),
  split: z.enum([...SPLITS, "all"]).nullish(),
  difficulty: z.enum(DIFFICULTIES).nullish(),
  task_ids: z.array(TaskId).min(1).nullish(),
  reward_mode: z.enum(REWARD_MODES).nullish(),
  resumable: z.literal(false).default(false),
});
export type OpenData = z.output<typeof Open>;

const Reset = z.strictObject({
  seq: Seq,
  seed: Seed.nullish(),
  seeds: z.array(Seed.nullable()).nullish(),
  task_ids: z.array(TaskId.nullable()).nullish(),
  reset_mask: z.array(z.boolean()).nullish(),
});
export type ResetData = z.output<typeof Reset>;

const Step = z.strictObject({ seq: Seq, actions: z.array(z.unknown()) });
const Info = z.strictObject({ envs: z.array(z.int().min(0)).nullish() });

/** Text frames that a client may send, by type; strict, as on `/ws`. */
const requests = {
  vector_open: z.strictObject({ type: z.literal("vector_open"), data: Open }),
  vector_reset: z.strictObject({ type: z.literal("vector_reset"), data: Reset }),
  vector_step: z.strictObject({ type: z.literal("vector_step"), data: Step }),
  vector_info: z.strictObject({ type: z.literal("vector_info"), data: Info.default({}) }),
  close: z.strictObject({ type: z.literal("close") }),
} as const;
type FrameType = keyof typeof requests;
export type VectorFrame = z.output<(typeof requests)[FrameType]>;
export const VECTOR_FRAMES = Object.keys(requests) as FrameType[];

export type ReadVectorFrame =
  | { readonly ok: true; readonly frame: VectorFrame }
  | { readonly ok: false; readonly code: "UNKNOWN_TYPE" }
  | { readonly ok: false; readonly code: "VALIDATION_ERROR"; readonly issues: readonly FrameIssue[] };

/** Most places of a frame that a refusal names. */
const MOST_ISSUES = 8;

/** Reads a parsed JSON object as a frame. */
export function readVectorFrame(value: object): ReadVectorFrame {
  const type = Object.hasOwn(value, "type") ? (value as { type: unknown }).type : undefined;
  if (typeof type !== "string" || !Object.hasOwn(requests, type)) return { ok: false, code: "UNKNOWN_TYPE" };
  const parsed = requests[type as FrameType].safeParse(value);
  if (parsed.success) return { ok: true, frame: parsed.data };
  const issues = parsed.error.issues.slice(0, MOST_ISSUES).map(({ path, message }) => ({
    loc: path.map((part) => (typeof part === "symbol" ? String(part) : part)),
    msg: message.toWellFormed(),
  }));
  return { ok: false, code: "VALIDATION_ERROR", issues };
}
