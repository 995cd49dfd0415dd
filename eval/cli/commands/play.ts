import { createInterface } from "node:readline";
import { Command } from "commander";
import { catalogue, usage } from "../../../env/contract/index.ts";
import type { Observation } from "../../../env/contract/index.ts";
import { observationText } from "../../../env/contract/text.ts";
import { UsageError } from "../../errors.ts";
import { readDifficulties } from "../../select.ts";
import { wholeNumber } from "../options.ts";
import { note, print, printJson, printTable } from "../output.ts";
import type { Wiring } from "../wiring.ts";

interface PlayOptions {
  readonly taskId?: string;
  readonly difficulty?: string;
  readonly seed?: number;
  readonly json?: true;
}

const HELP = `Actions:\n${catalogue.map(({ type, summary }) => `  ${usage(type)}\n      ${summary}`).join("\n")}\nAlso: help, quit.`;

/** `oncall play`: a person works one incident in the terminal. */
export function playCommand(wiring: Wiring): Command {
  return new Command("play")
    .summary("work one incident in the terminal")
    .description("You are paged. Type actions such as inspect_metrics(cache); help lists them. The score comes last.")
    .option("--task-id <id>", "this incident; absent: one of the training split")
    .option("--difficulty <band>", "easy, medium or hard")
    .option("--seed <n>", "which instance; absent: a random one", wholeNumber(0))
    .option("--json", "print observations and the verdict as JSON")
    .action(async (options: PlayOptions) => {
      const client = await wiring.connectLocal();
      try {
        const difficulty = options.difficulty === undefined ? undefined : readDifficulties(options.difficulty)[0];
        const seed = options.seed ?? Math.floor(Math.random() * 1_000_000);
        const { observation } = await client.reset({
          seed,
          options: {
            ...(options.taskId === undefined ? {} : { task_id: options.taskId }),
            ...(difficulty === undefined ? {} : { difficulty }),
          },
        });
        note(`Seed ${seed}; help lists the actions.`);
        show(observation, options);
        await converse(client, options);
      } finally {
        await client.close();
      }
    });
}

type Client = Awaited<ReturnType<Wiring["connectLocal"]>>;

async function converse(client: Client, options: PlayOptions): Promise<void> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, prompt: "> " });
  lines.prompt();
  for await (const line of lines) {
    const text = line.trim();
    if (text === "quit" || text === "exit") return lines.close();
    if (text === "help") print(HELP);
    else if (text !== "") {
      const result = await client.step(text);
      show(result.observation, options);
      if (result.info.episode) {
        lines.close();
        return options.json ? printJson(result.info.episode) : review(result.info.episode);
      }
    }
    lines.prompt();
  }
  throw new UsageError("The input ended before the incident was closed; nothing was scored.");
}

const show = (observation: Observation, { json }: PlayOptions): void =>
  json ? printJson(observation) : print(observationText(observation));

type Verdict = NonNullable<Awaited<ReturnType<Client["step"]>>["info"]["episode"]>;

/** What the episode was worth, and why. */
function review(verdict: Verdict): void {
  print(
    `\nScore ${verdict.score.toFixed(3)}${verdict.success ? ", a success" : ""}. The cause: ${verdict.diagnosis.accepted.join(" or ")}.`,
  );
  printTable(
    ["part", "points"],
    Object.entries(verdict.points).map(([part, points]) => [part, points.toFixed(3)]),
  );
  printTable(
    ["evidence", "seen at step"],
    verdict.evidence.map(({ item, seen_at_step }) => [item, seen_at_step === null ? "–" : `${seen_at_step}`]),
  );
  if (verdict.changes.length > 0) {
    printTable(
      ["change", "step", "right", "harmful"],
      verdict.changes.map(({ action, step, right, harmful }) => [
        action,
        `${step}`,
        right ? "yes" : "no",
        harmful ? "yes" : "no",
      ]),
    );
  }
}
