import { readFileSync } from "node:fs";
import { Command } from "commander";
import { z } from "zod";
import { didYouMean } from "../../../env/core/suggest.ts";
import { UsageError } from "../../errors.ts";
import { careless, methodical } from "../../mock-models/models.ts";
import { blundering, idling, recorded } from "../../mock-provider/behaviours.ts";
import type { Behaviour } from "../../mock-provider/behaviours.ts";
import { faults, isFault } from "../../mock-provider/faults.ts";
import type { JournalEntry } from "../../mock-provider/journal.ts";
import { endlessly, readScriptFile } from "../../mock-provider/script.ts";
import { startMockProvider } from "../../mock-provider/server.ts";
import type { MockProviderOptions } from "../../mock-provider/server.ts";
import { jsonOption, wholeNumber } from "../options.ts";
import { note, print, printJson } from "../output.ts";
import type { Wiring } from "../wiring.ts";

/** Models that the mock can be, besides recordings. */
const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  idle: idling,
  methodical,
  careless,
  blundering,
};

interface MockProviderFlags {
  readonly script?: string;
  readonly plays: string;
  readonly port: number;
  readonly json?: true;
}

/** `oncall mock-provider`: a provider of chat completions that does what a script says. */
export function mockProviderCommand({ closeOnSignals }: Pick<Wiring, "closeOnSignals">): Command {
  return new Command("mock-provider")
    .summary("a provider of chat completions for trying things out")
    .description(
      "Serves OpenAI's chat completions on this machine until it is interrupted, without a model behind them. A script " +
        "says what each request meets. A request whose path is /fault/NAME/v1, whose header x-mock-fault or whose model " +
        "is the name of a fault, meets that fault. Prints its address, and a line on stderr for each request.",
    )
    .option("--script <name|file>", 'a fault for every request, or a JSON file such as ["status-503 x2", "ok*"]')
    .option(
      "--plays <name|file>",
      `who answers: ${Object.keys(BEHAVIOURS).join(", ")}, or a file of recorded messages`,
      "idle",
    )
    .option("--port <n>", "port; 0 takes a free one", wholeNumber(0, 65_535), 0)
    .addOption(jsonOption())
    .addHelpText("after", `\n${faultList()}`)
    .action(async ({ script, plays, port, json }: MockProviderFlags) => {
      const reply = behaviourOf(plays);
      const mock = await startMockProvider({ port, reply, ...scriptOf(script), onEntry: (entry) => note(line(entry)) });
      if (json) printJson({ url: mock.url, base_url: mock.baseUrl() });
      else print(`base_url ${mock.baseUrl()}`);
      closeOnSignals(() => mock.close());
    });
}

function scriptOf(nameOrFile: string | undefined): Pick<MockProviderOptions, "script"> {
  if (nameOrFile === undefined) return {};
  if (isFault(nameOrFile)) return { script: endlessly(nameOrFile) };
  if (isFile(nameOrFile)) return { script: readScriptFile(nameOrFile) };
  throw new UsageError(
    `Unknown fault "${nameOrFile}".${didYouMean(nameOrFile, Object.keys(faults))}`,
    "oncall mock-provider --help",
  );
}

const Recording = z.array(
  z.strictObject({
    content: z.string().nullable().optional(),
    toolCalls: z.array(z.strictObject({ name: z.string(), arguments: z.string() })).optional(),
    finishReason: z.string().optional(),
  }),
);

function behaviourOf(nameOrFile: string): Behaviour {
  const named = Object.hasOwn(BEHAVIOURS, nameOrFile) ? BEHAVIOURS[nameOrFile] : undefined;
  if (named !== undefined) return named;
  if (isFile(nameOrFile)) return recorded(recordingIn(nameOrFile));
  const names = Object.keys(BEHAVIOURS);
  throw new UsageError(
    `No model "${nameOrFile}".${didYouMean(nameOrFile, names)} There are: ${names.join(", ")}, and files.`,
  );
}

/** The name of a file holds a dot or a slash; the names of faults and models do not. */
const isFile = (name: string): boolean => /[./]/.test(name);

function recordingIn(file: string) {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${file} cannot be read as JSON: ${(error as Error).message}.`);
  }
  const parsed = Recording.min(1).safeParse(content);
  if (parsed.success) return parsed.data;
  throw new UsageError(`${file} is no recording: expected a list of {content, toolCalls, finishReason}.`);
}

const line = ({ number, script, place, did, model, messages }: JournalEntry): string =>
  `${number} ${model ?? "unreadable"}, ${messages} messages: ${did} (${script} ${place})`;

function faultList(): string {
  const width = Math.max(...Object.keys(faults).map((name) => name.length));
  const lines = Object.entries(faults).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return ["Faults:", ...lines].join("\n");
}
