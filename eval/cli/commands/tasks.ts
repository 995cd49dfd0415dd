import { Command } from "commander";
import { BUDGETS, SPLITS } from "../../../env/core/task.ts";
import type { Suite, Task } from "../../../env/core/task.ts";
import { readDifficulties, readSplit, selectTasks } from "../../select.ts";
import { adviceFor, summarised, validateTask } from "../../suite/soundness.ts";
import { EXIT } from "../exit.ts";
import { jsonOption, wholeNumber } from "../options.ts";
import { note, print, printJson, printTable } from "../output.ts";
import type { InstanceProblem, Wiring } from "../wiring.ts";

interface SelectOptions {
  readonly split?: string;
  readonly difficulty?: string;
  readonly taskIds?: string;
}

/** `oncall tasks list|show|validate`: the catalogue without answers. */
export function tasksCommand(wiring: Wiring): Command {
  const tasks = new Command("tasks").summary("list, show or validate incidents");
  tasks.addCommand(listCommand(wiring));
  tasks.addCommand(showCommand(wiring));
  tasks.addCommand(validateCommand(wiring));
  return tasks;
}

const withSelection = (command: Command): Command =>
  command
    .option("--split <name>", "tasks of a split: train, dev, test")
    .option("--difficulty <list>", "tasks of a band: easy, medium, hard")
    .option("--task-ids <list>", "these tasks, separated by commas");

function listCommand(wiring: Wiring): Command {
  return withSelection(new Command("list"))
    .summary("the incidents, without their answers")
    .addOption(jsonOption())
    .action((options: SelectOptions & { json?: true }) => {
      const rows = selected(wiring.suite, options).map((task) => summaryOf(wiring.suite, task));
      if (options.json) return printJson(rows);
      printTable(
        ["task", "difficulty", "split", "pages on", "steps", "changes"],
        rows.map((row) => [row.id, row.difficulty, row.split, row.pages_on, `${row.steps}`, `${row.changes}`]),
      );
    });
}

function showCommand(wiring: Wiring): Command {
  return new Command("show")
    .summary("one incident, without its answer")
    .argument("<task>")
    .addOption(jsonOption())
    .action((id: string, { json }: { json?: true }) => {
      const [task] = selectTasks(wiring.suite, { taskIds: [id] });
      const summary = summaryOf(wiring.suite, task as Task);
      if (json) return printJson(summary);
      for (const [name, value] of Object.entries(summary)) print(`${name.padEnd(12)} ${String(value)}`);
    });
}

/** What anyone may know of a task. */
const summaryOf = (suite: Suite, task: Task) => ({
  id: task.id,
  difficulty: task.difficulty,
  split: SPLITS.find((split) => suite.splits[split].includes(task.id)) ?? "none",
  pages_on: task.pages_on,
  ...BUDGETS[task.difficulty],
  spec_version: task.spec_version,
});

const selected = (suite: Suite, { split, difficulty, taskIds }: SelectOptions): Task[] =>
  selectTasks(suite, {
    split: split === undefined ? undefined : readSplit(split),
    difficulty: difficulty === undefined ? undefined : readDifficulties(difficulty),
    taskIds: taskIds?.split(",").map((id) => id.trim()),
  });

function validateCommand(wiring: Wiring): Command {
  return withSelection(new Command("validate"))
    .summary("prove that instances are sound")
    .description(
      "For every selected task, each of its causes and each seed: healthy before, breached after, still breached if " +
        "nobody acts, cured by every listed fix, by no declared distractor, and by no other cause's answer.",
    )
    .argument("[file]", "an incident's file, a folder, a JSON file or an address; absent: the suite in use")
    .option("--seeds <n>", "seeds per task and cause", wholeNumber(1, 100_000), 20)
    .addOption(jsonOption())
    .action(async (file: string | undefined, options: SelectOptions & { seeds: number; json?: true }) => {
      const suite = file === undefined ? wiring.suite : (await wiring.loadSuite(file)).suite;
      const problems: InstanceProblem[] = [];
      const tally: string[][] = [];
      for (const task of selected(suite, options)) {
        const found = validateTask(task, options.seeds, wiring.validateInstance);
        problems.push(...found);
        const instances = task.siblings.length * options.seeds;
        tally.push([task.id, `${task.siblings.length}`, `${instances}`, `${found.length}`]);
        note(`${task.id}: ${instances} instances, ${found.length} problems`);
      }
      if (options.json) printJson({ problems });
      else {
        printTable(["task", "causes", "instances", "problems"], tally);
        for (const line of summarised(problems, options.seeds)) print(line);
        if (problems.length > 0) print(`\nWhat to change:\n${adviceFor(problems).join("\n")}`);
      }
      process.exitCode = problems.length === 0 ? EXIT.ok : EXIT.verification;
    });
}
