import { z } from "zod";
import { ExpectedStep, RequestId } from "./request-keys.ts";
import { MetadataSchema, observationFields } from "./observation-schema.ts";

const keys = { request_id: RequestId.nullish(), expected_step: ExpectedStep.nullish() };

/** Body of POST /reset. All keys beside these are options of the reset, as on a socket. */
export const ResetBody = z
  .looseObject({ ...keys })
  .nullish()
  .describe("Options of the reset, such as seed, task_id, split, index, difficulty, episode_id, reward_mode, text.");
export type ResetBody = z.output<typeof ResetBody>;

/** Body of POST /step. Other keys mean nothing, as in OpenEnv. */
export const StepBody = z.looseObject({
  action: z
    .unknown()
    .refine((action) => action !== undefined, "expected an action")
    .describe("The action, any JSON value; one that is invalid costs a step and is no error."),
  ...keys,
  timeout_s: z.unknown().optional().describe("Ignored: no step takes that long."),
});
export type StepBody = z.output<typeof StepBody>;

/** What a reset and a step give back. */
export const ObservationReply = z.object({
  observation: z.looseObject({ ...observationFields, metadata: MetadataSchema }),
  reward: z.number().nullable().describe("Null after a reset."),
  done: z.boolean(),
  metadata: MetadataSchema,
});
