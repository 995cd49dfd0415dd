import { z } from "zod";
import { catalogue } from "../core/actions/index.ts";
import { didYouMean } from "../core/suggest.ts";

/** A tool as its caller is told of it: `Tool` of the Model Context Protocol. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments, draft 2020-12. What does not fit it is an invalid action, not an error. */
  readonly inputSchema: Readonly<{ type: "object" }> & Readonly<Record<string, unknown>>;
  /** Whether it only looks, or may change the system or end the incident. */
  readonly annotations: { readonly readOnlyHint: boolean; readonly destructiveHint: boolean };
}

/** Repeats the page: clients of MCP never see the observation of a reset. It is no action and costs nothing. */
export const GET_BRIEFING = "get_briefing";

/** Every tool, in a fixed order: the actions as in the catalogue, then the briefing. */
export const tools: readonly Tool[] = [
  ...catalogue.map(({ type, summary, args, kind }) => ({
    name: type,
    description: summary,
    inputSchema: argumentsSchema(args),
    annotations: annotations(kind === "observe"),
  })),
  {
    name: GET_BRIEFING,
    description: "Read the page that opened the incident once more. Takes no step and no time.",
    inputSchema: argumentsSchema({}),
    annotations: annotations(true),
  },
];

const NAMES = tools.map(({ name }) => name);

export const isTool = (name: string): boolean => NAMES.includes(name);

/** A sentence on a name that no tool has. */
export const unknownTool = (name: string): string =>
  `Unknown tool ${JSON.stringify(name.slice(0, 80).toWellFormed())}.${didYouMean(name, NAMES)} Tools: ${NAMES.join(", ")}.`;

function argumentsSchema(args: z.ZodRawShape): Tool["inputSchema"] {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(z.strictObject(args), { io: "input" });
  return schema as Tool["inputSchema"];
}

function annotations(looks: boolean): Tool["annotations"] {
  return { readOnlyHint: looks, destructiveHint: !looks };
}
