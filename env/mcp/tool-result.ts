import { observationText } from "../contract/text.ts";
import type { AgentObservation } from "../contract/turns.ts";

/** What a tool gives back: `CallToolResult` of the Model Context Protocol. Agent plane: no reward, no end, no info. */
export interface ToolResult {
  readonly content: readonly [{ readonly type: "text"; readonly text: string }];
  /** The observation as data; absent where there is only text. */
  readonly structuredContent?: Readonly<Record<string, unknown>>;
  /** Whether it was an invalid action, or the incident is closed. */
  readonly isError: boolean;
}

/** Text alone. */
export const textResult = (text: string, isError = false): ToolResult => ({
  content: [{ type: "text", text }],
  isError,
});

/** An observation as a result: its text for the model, the rest as data. An invalid action is an error with its reason. */
export function observationResult(observation: AgentObservation): ToolResult {
  const { text = observationText(observation), ...data } = observation;
  return { content: [{ type: "text", text }], structuredContent: data, isError: data.result.status === "invalid" };
}

/** The same for OpenEnv's clients, which read some keys in another case, and `data` as the whole answer of a tool. */
export const openEnvResult = ({ content, structuredContent, isError }: ToolResult) => ({
  content,
  structuredContent: structuredContent ?? null,
  structured_content: structuredContent ?? null,
  data: content[0].text,
  meta: null,
  isError,
  is_error: isError,
});
