import { z } from "zod";
import { ACTION_TYPES, actionDef, type AnyActionDef } from "../env/core/actions/index.ts";

/** What stands in README.md between `<!-- generated:NAME -->` and `<!-- /generated -->`, by name. */
export const generatedDocs: Readonly<Record<string, () => string>> = {
  actions: () =>
    table(
      ["action", "kind", "ticks", "what it does"],
      ACTION_TYPES.map(actionDef).map((def) => [`\`${textForm(def)}\``, def.kind, `${def.ticks}`, def.summary]),
    ),
};

/** The action as a person types it: `inspect_config(service, key?)`. */
function textForm({ type, args }: AnyActionDef): string {
  const names = Object.entries(args).map(([name, schema]) => (schema instanceof z.ZodOptional ? `${name}?` : name));
  return `${type}(${names.join(", ")})`;
}

/** A Markdown table. */
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => "---"), ...rows].map(tableLine).join("\n");

const tableLine = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
