import { z } from "zod";

const LONGEST_REQUEST_ID = 255;
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** Names a request, so that it can be sent again after a lost reply without being carried out twice. */
export const RequestId = z
  .string()
  .min(1)
  .max(LONGEST_REQUEST_ID)
  .refine((id) => id.isWellFormed() && !CONTROL.test(id), "expected printable characters")
  .describe("The same id and content again give the same reply, and nothing is done twice.");

/** Where a client believes the episode to be. */
export const ExpectedStep = z.int().min(0).describe("Refused unless the episode has had exactly this many steps.");
