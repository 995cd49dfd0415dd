import { Task } from "../env/core/task.ts";
import type { Difficulty } from "../env/core/task.ts";
import type { FieldSchema } from "./load-fields.ts";
import { sentences } from "./load-issues.ts";
import { wrongReferences } from "./load-references.ts";

/** A definition that was read: the task, or what to change in it. */
export type Definition = { readonly task: Task } | { readonly problems: readonly string[] };

/** Checks a definition: its shape, what it refers to, and that its band is that of its rubric. */
export function readDefinition(data: unknown): Definition {
  const parsed = Task.safeParse(data, { reportInput: true });
  if (!parsed.success) return { problems: sentences(parsed.error.issues, { schema: taskSchema(), data }) };
  const problems = [...wrongReferences(parsed.data), ...wrongBand(parsed.data)];
  return problems.length > 0 ? { problems } : { task: parsed.data };
}

/** The fields of a task and of everything in it. */
export const taskSchema = (): FieldSchema => Task.toJSONSchema({ io: "input" }) as FieldSchema;

/** The published rubric: up to 3 is easy, up to 6 medium, from 7 on hard. */
const bandOf = (sum: number): Difficulty => (sum <= 3 ? "easy" : sum <= 6 ? "medium" : "hard");

function wrongBand({ rubric, difficulty }: Task): string[] {
  const sum = rubric.reduce((total, grade) => total + grade, 0);
  const band = bandOf(sum);
  if (band === difficulty) return [];
  return [`difficulty: the rubric adds up to ${sum}, which is ${band}; got "${difficulty}". Change one of the two.`];
}
