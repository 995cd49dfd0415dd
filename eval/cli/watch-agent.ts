import type { ChatReply } from "../../agents/llm/chat-model.ts";
import { ProviderError } from "../../agents/llm/errors.ts";
import { actionText, parseAction } from "../../env/contract/index.ts";
import { observationText } from "../../env/contract/text.ts";
import { answersFrom } from "../answers.ts";
import { attempt } from "../attempt.ts";
import type { Attempted } from "../attempt.ts";
import { systemClock } from "../clock.ts";
import type { SeenStep } from "../episode.ts";
import { UsageError } from "../errors.ts";
import type { RunModels } from "../models.ts";
import { makePlan } from "../plan.ts";
import type { PlannedSlot } from "../plan.ts";
import { Players } from "../players.ts";
import { DEFAULT_RULES } from "../run.ts";
import { selectTasks } from "../select.ts";
import { readVariants } from "../variants.ts";
import type { Variant } from "../variants.ts";
import { readAgents } from "./agent-options.ts";
import type { GivenOptions } from "./agent-options.ts";
import { EXIT } from "./exit.ts";
import { openModels } from "./open-models.ts";
import { note, print, printJson } from "./output.ts";
import { showVerdict } from "./show-verdict.ts";
import { onInterrupt } from "./signals.ts";
import type { Wiring } from "./wiring.ts";

/** Who is watched, and on what. */
export interface WatchRequest {
  readonly name: string;
  readonly taskId: string;
  readonly seed: number;
  readonly json: boolean;
  /** Database with the gates of providers. */
  readonly db: string;
  /** The command's flags. */
  readonly options: GivenOptions;
}

/** Plays one incident by an agent and shows each step as it is taken, then the verdict. Nothing is stored. */
export async function watchAgent(wiring: Wiring, request: WatchRequest): Promise<void> {
  const { name, db, options } = request;
  const agents = readAgents(options);
  const [variant, ...others] = readVariants(name, agents.sources);
  if (variant === undefined || others.length > 0) {
    throw new UsageError(`--agent takes one agent; "${name}" is several.`);
  }
  const { model } = variant;
  if (model === null) return watch(wiring, variant, request);
  const store = await wiring.openStore(db, false); // its gates hold for all that calls a provider
  const opened = openModels(agents, [model], store, null);
  try {
    await watch(wiring, variant, request, opened.models);
  } finally {
    await opened.close();
    await store.close();
  }
}

async function watch(
  wiring: Wiring,
  variant: Variant,
  { taskId, seed, json }: WatchRequest,
  models?: RunModels,
): Promise<void> {
  const { suite, nearby, referenceFor, connectLocal: connect, openPlane } = wiring;
  const tasks = selectTasks(suite, { taskIds: [taskId] });
  const plan = makePlan({ runId: "watched", suite, tasks, variants: [variant], trials: 1, baseSeed: 0, salt: "" });
  const players = new Players(plan.variants, { connect, openPlane, ...(models === undefined ? {} : { models }) });
  const interrupt = onInterrupt(() => note("Stopping; interrupt again to stop at once."));
  note(`${taskId} with seed ${seed}, played by ${variant.label}`);
  try {
    const seat = await players.sit(variant, null);
    const attempted = await attempt({
      ...seat,
      slot: { ...(plan.slots[0] as PlannedSlot), seed },
      episodeId: "watched",
      baseSeed: 0,
      nearby,
      tell: answersFrom(suite.tasks, referenceFor),
      clock: systemClock,
      signal: interrupt.signal,
      limits: { patienceMs: seat.outside === null ? DEFAULT_RULES.patienceMs : undefined },
      onStep: (step) => showStep(step, json),
    });
    await seat.leave(false);
    conclude(attempted, json);
  } finally {
    interrupt.dispose();
    await players.close();
  }
}

function conclude({ verdict, error }: Attempted, json: boolean): void {
  if (verdict !== null) return json ? printJson(verdict) : showVerdict(verdict);
  if (!(error instanceof ProviderError)) throw error;
  note(`error: ${error.message}`);
  process.exitCode = EXIT.provider;
}

function showStep({ turn, observation }: SeenStep, json: boolean): void {
  if (json) return printJson({ turn, observation });
  if (turn !== null) print(`\n${said(turn)}> ${actionOf(turn)}${remarks(turn)}`);
  print(observationText(observation));
}

type Taken = NonNullable<SeenStep["turn"]>;

/** What a model said besides its action. */
function said({ raw }: Taken): string {
  const replies = raw === undefined ? [] : (JSON.parse(raw) as readonly ChatReply[]);
  return replies
    .flatMap(({ content }) => (content === null ? [] : content.split("\n")))
    .map(quoted)
    .join("");
}

const quoted = (line: string): string => `| ${line}\n`;

function actionOf({ action, stop }: Taken): string {
  if (stop !== undefined) return `(ends: ${stop})`;
  const parsed = parseAction(action);
  if (parsed.ok) return actionText(parsed.action);
  return action === null ? "(no action)" : JSON.stringify(action);
}

/** What is out of the ordinary about a turn. */
function remarks({ invalidReason, assist, extraToolCalls = 0, tokens }: Taken): string {
  const told = [
    ...(invalidReason === undefined ? [] : [invalidReason]),
    ...(assist === undefined ? [] : [`assist: ${assist}`]),
    ...(extraToolCalls === 0 ? [] : [`${extraToolCalls} more actions not carried out`]),
    ...(tokens === undefined ? [] : [`${tokens} tokens`]),
  ];
  return told.length === 0 ? "" : `   (${told.join(", ")})`;
}
