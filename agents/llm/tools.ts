import { z } from "zod";
import { catalogue } from "../../env/contract/index.ts";
import type { ChatTool } from "./chat-model.ts";

/** The catalogue as functions that a model may call: one per action, its arguments as JSON Schema. */
export const chatTools: readonly ChatTool[] = catalogue.map(({ type, summary, args }) => {
  const { $schema: _dialect, ...parameters } = z.toJSONSchema(z.strictObject(args as z.ZodRawShape), { io: "input" });
  return { name: type, description: summary, parameters };
});
