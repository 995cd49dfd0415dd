import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { SPLITS, suiteId } from "../../core/task.ts";
import type { SplitName, Suite } from "../../core/task.ts";
import type { ServerContext } from "../context.ts";
import { refuse } from "../hooks/errors.ts";

const NAME = "oncall_gym";
/** What OpenEnv calls our splits. */
const TYPES: Readonly<Record<SplitName, string>> = { train: "train", dev: "validation", test: "test" };

const Task = z.object({
  id: z.string(),
  index: z.int(),
  split: z.string(),
  difficulty: z.string(),
  group: z.string(),
});
const Split = z.strictObject({ split: z.string() });
const Position = z.strictObject({ split: z.string(), index: z.int() });
/** By the rules of Python's slices. */
const Range = z.strictObject({ split: z.string(), start: z.int().nullish(), stop: z.int().nullish() });

interface EnvParams {
  readonly env: string;
}

/** OpenEnv's task API: which tasks there are, without their answers. A task is started by a reset with split and index. */
export function taskRoutes(app: FastifyInstance, { suite }: ServerContext): void {
  app.get("/list_environments", () => [NAME]);

  app.get<{ Params: EnvParams }>("/:env/splits", ({ params }, reply) =>
    isOurs(params) ? SPLITS.map((name) => ({ name, type: TYPES[name] })) : refuse(reply, "UNKNOWN_ENVIRONMENT"),
  );

  app.post<{ Params: EnvParams; Body: z.output<typeof Split> }>(
    "/:env/tasks",
    { schema: { body: Split, response: { 200: z.object({ tasks: z.array(Task), env_name: z.string() }) } } },
    ({ params, body }, reply) => {
      if (!isOurs(params)) return refuse(reply, "UNKNOWN_ENVIRONMENT");
      const tasks = tasksOf(suite, body.split);
      return tasks === null ? refuse(reply, "UNKNOWN_SPLIT") : { tasks, env_name: NAME };
    },
  );

  app.post<{ Params: EnvParams; Body: z.output<typeof Split> }>(
    "/:env/num_tasks",
    { schema: { body: Split, response: { 200: z.object({ num_tasks: z.int() }) } } },
    ({ params, body }, reply) => {
      if (!isOurs(params)) return refuse(reply, "UNKNOWN_ENVIRONMENT");
      const tasks = tasksOf(suite, body.split);
      return tasks === null ? refuse(reply, "UNKNOWN_SPLIT") : { num_tasks: tasks.length };
    },
  );

  app.post<{ Params: EnvParams; Body: z.output<typeof Position> }>(
    "/:env/task",
    { schema: { body: Position, response: { 200: z.object({ task: Task }) } } },
    ({ params, body }, reply) => {
      if (!isOurs(params)) return refuse(reply, "UNKNOWN_ENVIRONMENT");
      const tasks = tasksOf(suite, body.split);
      if (tasks === null) return refuse(reply, "UNKNOWN_SPLIT");
      const task = tasks[body.index];
      return task === undefined ? refuse(reply, "BAD_TASK_INDEX") : { task };
    },
  );

  app.post<{ Params: EnvParams; Body: z.output<typeof Range> }>(
    "/:env/task_range",
    { schema: { body: Range, response: { 200: z.object({ tasks: z.array(Task) }) } } },
    ({ params, body }, reply) => {
      if (!isOurs(params)) return refuse(reply, "UNKNOWN_ENVIRONMENT");
      const tasks = tasksOf(suite, body.split);
      if (tasks === null) return refuse(reply, "UNKNOWN_SPLIT");
      return { tasks: tasks.slice(body.start ?? 0, body.stop ?? undefined) };
    },
  );
}

const isOurs = ({ env }: EnvParams): boolean => env.toLowerCase() === NAME;

/** The tasks of a split in its order; null for a split that there is not. */
function tasksOf(suite: Suite, name: string): z.output<typeof Task>[] | null {
  const split = SPLITS.find((one) => one === name);
  if (split === undefined) return null;
  return suite.splits[split].map((id, index) => {
    const difficulty = suite.tasks.find((task) => task.id === id)?.difficulty ?? "";
    return { id, index, split, difficulty, group: suiteId(suite) };
  });
}
