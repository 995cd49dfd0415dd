import { createInterface } from "node:readline";
import { Command } from "commander";
import type { EnvClient } from "../../../env/client/client.ts";
import { catalogue, usage } from "../../../env/contract/index.ts";
import type { Observation, Verdict } from "../../../env/contract/index.ts";
import { observationText } from "../../../env/contract/text.ts";
import { UsageError } from "../../errors.ts";
import { readDifficulties } from "../../select.ts";
import { withAgentOptions } from "../agent-options.ts";
import type { GivenOptions } from "../agent-options.ts";
import { dbOption, wholeNumber } from "../options.ts";
import { note, print, printJson } from "../output.ts";
import { showVerdict } from "../show-verdict.ts";
import { watchAgent } from "../watch-agent.ts";
import type { Wiring } from "../wiring.ts";

interface PlayOptions extends GivenOptions {
  readonly agent?: string;
  readonly taskId?: string;
  readonly difficulty?: string;
  readonly seed?: number;
  readonly db: string;
  readonly json?: true;
}

const HELP = `Actions:\n${catalogue.map(({ type, summary }) => `  ${usage(type)}\n      ${summary}`).join("\n")}\nAlso: help, quit.`;

/** `oncall play`: a person works one incident in the terminal, or watches an agent at work. */
export function playCommand(wiring: Wiring): Command {
  const command = new Command("play")
    .summary("work one incident in the terminal, or watch an agent")
    .description(
      "You are paged. Type actions such as inspect_metrics(cache); help lists them. The score comes last. " +
        "With --agent you see what it does, step by step; nothing is stored.",
    )
    .option("--agent <name>", "who plays instead of you: any of those that run takes")
    .option("--task-id <id>", "this incident; absent: one of the training split")
    .option("--difficulty <band>", "easy, medium or hard")
    .option("--seed <n>", "which instance; absent: a random one", wholeNumber(0));
  return withAgentOptions(command)
    .addOption(dbOption())
    .option("--json", "print observations and the verdict as JSON")
    .action(async (options: PlayOptions) => {
      const client = await wiring.connectLocal();
      try {
        const seed = options.seed ?? Math.floor(Math.random() * 1_000_000);
        const { observation, info } = await client.reset({ seed, options: choiceOf(options) });
        if (options.agent !== undefined) {
          const { agent: name, json = false, db } = options;
          return await watchAgent(wiring, { name, taskId: info.task_id, seed, json, db, options });
        }
        note(`Seed ${seed}; help lists the actions.`);
        show(observation, options);
        await converse(client, options);
      } finally {
        await client.close();
      }
    });
}

function choiceOf({ taskId, difficulty }: PlayOptions) {
  const band = difficulty === undefined ? undefined : readDifficulties(difficulty)[0];
  return {
    ...(taskId === undefined ? {} : { task_id: taskId }),
    ...(band === undefined ? {} : { difficulty: band }),
  };
}

async function converse(client: EnvClient, options: PlayOptions): Promise<void> {
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
        return conclude(result.info.episode, options);
      }
    }
    lines.prompt();
  }
  throw new UsageError("The input ended before the incident was closed; nothing was scored.");
}

const show = (observation: Observation, { json }: PlayOptions): void =>
  json ? printJson(observation) : print(observationText(observation));

const conclude = (verdict: Verdict, { json }: PlayOptions): void => (json ? printJson(verdict) : showVerdict(verdict));
