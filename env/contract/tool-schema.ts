import { z } from "zod";

/** Schemas of what clients that play through tools are sent as an observation, without what travels inside it. */

/** Errors of a tool call, in OpenEnv's words. */
export const TOOL_ERRORS = ["execution_error", "invalid_args", "transport_error", "tool_not_found", "timeout"] as const;

/** The answer to `list_tools`. */
export const toolListFields = {
  tools: z.array(
    z.strictObject({ name: z.string(), description: z.string(), input_schema: z.record(z.string(), z.unknown()) }),
  ),
};

/** The answer to `call_tool`. */
export const toolResultFields = {
  tool_name: z.string(),
  result: z
    .looseObject({ data: z.string().describe("The observation as text."), is_error: z.boolean() })
    .nullable()
    .describe("Null beside an error."),
  error: z.strictObject({ error_type: z.enum(TOOL_ERRORS), message: z.string() }).nullable(),
};

/** What clients that only speak of tools may send as a step. */
export const ToolAction = z.strictObject({
  type: z.enum(["list_tools", "call_tool"]),
  tool_name: z.string().optional(),
  arguments: z.record(z.string(), z.unknown()).optional(),
});
