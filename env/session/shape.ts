import type { Limits } from "./limits.ts";

/**
 * Why a parsed message is too deep, too wide or too long, as a sentence; null when it is not. Walks without recursion:
 * what `JSON.parse` accepts can be deep enough to end the process in anything recursive.
 * @param texts whether strings and numbers are judged too; inside an action they are the environment's matter
 */
export function shapeProblem(message: object, limits: Limits, texts: boolean): string | null {
  let level: object[] = [message];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > limits.jsonDepth) return `Nested deeper than ${limits.jsonDepth} levels.`;
    const below: object[] = [];
    for (const container of level) {
      const values = Object.values(container);
      if (!Array.isArray(container) && values.length > limits.jsonKeys) {
        return `An object with more than ${limits.jsonKeys} keys.`;
      }
      for (const value of values) {
        if (typeof value === "object" && value !== null) below.push(value as object);
        else if (texts && typeof value === "string" && value.length > limits.jsonText) {
          return `A text of more than ${limits.jsonText} characters.`;
        } else if (texts && typeof value === "number" && !Number.isFinite(value)) return "A number beyond all bounds.";
      }
    }
    level = below;
  }
  return null;
}
