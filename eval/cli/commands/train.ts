import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { z } from "zod";
import { TrainSettings } from "../../../agents/rl/settings.ts";
import { DIFFICULTIES } from "../../../env/core/task.ts";
import { systemClock } from "../../clock.ts";
import { UsageError } from "../../errors.ts";
import type { TrainSummary } from "../../train/train.ts";
import { EXIT } from "../exit.ts";
import { DEFAULT_DB, jsonOption, wholeNumber } from "../options.ts";
import { note, print, printJson } from "../output.ts";
import { onInterrupt } from "../signals.ts";
import { showTraining } from "../train-progress.ts";
import type { Wiring } from "../wiring.ts";

/** Where a training goes unless `--out` says otherwise. */
const DEFAULT_FOLDER = join(DEFAULT_DB, "..", "rl");
const DEFAULTS = TrainSettings.parse({});

type Settings = z.input<typeof TrainSettings>;

interface TrainOptions extends Pick<Settings, "seed" | "steps" | "envs" | "horizon" | "epochs" | "minibatch"> {
  readonly learningRate?: number;
  readonly entropy?: Settings["entropy"];
  readonly curriculum?: Settings["curriculum"];
  readonly warmStart?: Settings["warmStart"];
  readonly faultNoise?: Settings["faultNoise"];
  readonly from?: string;
  readonly out: string;
  readonly resume?: true;
  readonly evaluateEvery: number;
  readonly trials: number;
  readonly workers: number;
  readonly json?: true;
}

/** `oncall train`: a policy from reward alone. */
export function trainCommand(wiring: Wiring): Command {
  return new Command("train")
    .summary("train the built-in policy; it plays as rl:CHECKPOINT")
    .description(
      "Trains a policy by proximal policy optimisation on the training incidents, from rewards alone unless there " +
        "is a --warm-start. Writes " +
        "checkpoint.json, best.json (best on unseen seeds), log.csv and learning-curve.svg. Equal settings on one " +
        "machine give equal checkpoints, also after --resume.",
    )
    .option("--steps <n>", about("environment steps in all", DEFAULTS.steps), wholeNumber(1))
    .option("--seed <n>", about("seed of the training", DEFAULTS.seed), wholeNumber(0))
    .option("--curriculum <list>", about("difficulties up to a share of the steps", curriculumText()), curriculum)
    .addOption(
      new Option("--warm-start <agent>", "whom to imitate before learning from rewards (default: none)").choices(
        TrainSettings.shape.warmStart.unwrap().options,
      ),
    )
    .option("--fault-noise <share>", about("closings whose fault is drawn anew", DEFAULTS.faultNoise), share)
    .option("--from <checkpoint>", "weights to start from; all faults are made equally likely again")
    .option("--envs <n>", about("episodes side by side", DEFAULTS.envs), wholeNumber(1, 1024))
    .option("--horizon <n>", about("steps of each between two updates", DEFAULTS.horizon), wholeNumber(1, 4096))
    .option("--epochs <n>", about("times that each update goes over its steps", DEFAULTS.epochs), wholeNumber(1, 100))
    .option("--minibatch <n>", about("steps per gradient", DEFAULTS.minibatch), wholeNumber(1))
    .option("--learning-rate <x>", about("of Adam, at the start", DEFAULTS.learningRate), positive)
    .option("--entropy <a:b>", about("weight of the entropy bonus, first and last", DEFAULTS.entropy.join(":")), pair)
    .option("--out <folder>", "where the files go", DEFAULT_FOLDER)
    .option("--resume", "go on with the training in that folder, under its own settings")
    .option("--evaluate-every <n>", "updates between two evaluations and checkpoints", wholeNumber(1), 20)
    .option("--trials <n>", "episodes of each training incident in an evaluation", wholeNumber(1, 100), 4)
    .option("--workers <n>", "threads that step environments", wholeNumber(0, 64), 0)
    .addOption(jsonOption())
    .action(async (options: TrainOptions) => {
      const summary = await trainWith(wiring, options);
      if (options.json) printJson(summary);
      else printSummary(summary, options);
      process.exitCode = summary.status === "complete" ? EXIT.ok : EXIT.paused;
    });
}

const about = (what: string, standard: number | string): string => `${what} (default: ${standard})`;

async function trainWith(wiring: Wiring, options: TrainOptions): Promise<TrainSummary> {
  const settings = settingsOf(options);
  // All that is needed is loaded now: Ctrl-C in a terminal also ends the process that compiles what is loaded later.
  const { train } = await import("../../train/train.ts");
  const drawCurve = await wiring.learningCurve();
  const interrupt = onInterrupt(() => note("Stopping after this update; once more to stop at once."));
  const progress = showTraining();
  try {
    return await train(
      {
        folder: options.out,
        settings,
        from: options.from ?? null,
        evaluateEvery: options.evaluateEvery,
        trials: options.trials,
        workers: options.workers,
      },
      {
        suite: wiring.suite,
        client: wiring.nearby(),
        clock: systemClock,
        signal: interrupt.signal,
        onStart: progress.start,
        onUpdate: progress.update,
        drawCurve,
      },
    );
  } finally {
    progress.stop();
    interrupt.dispose();
  }
}

/** Null: those of the checkpoint. */
function settingsOf(options: TrainOptions): TrainSettings | null {
  const names = Object.keys(TrainSettings.shape).filter((name) => name !== "from");
  const named = Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name)));
  if (options.resume === undefined) return TrainSettings.parse(named);
  const name = options.from === undefined ? Object.keys(named)[0] : "from";
  if (name === undefined) return null;
  throw new UsageError(`A training goes on under its own settings, and "${name}" is one of them.`, "--resume alone");
}

function printSummary(
  { status, steps, episodes, bestScore, duration, files }: TrainSummary,
  { out }: TrainOptions,
): void {
  const best = bestScore === null ? "" : `, best score on unseen seeds ${bestScore.toFixed(3)}`;
  print(`${status === "complete" ? "Trained" : "Stopped"} after ${steps} steps, ${episodes} episodes${best}.`);
  print(`It took ${Math.round(duration.wall_s)} s.`);
  print(`Curve: ${files.figure}`);
  if (status === "stopped") print(`Go on: oncall train --resume --out ${out}`);
  print(`Play: oncall run --agents random,runbook,rl:${bestScore === null ? files.checkpoint : files.best}`);
}

const BANDS_FOR_ALL = "all";

/** `easy:0.4,easy+medium:0.7,all:1` */
function curriculum(text: string): Settings["curriculum"] {
  const stages = text.split(",").map((stage) => {
    const [names = "", until = "1"] = stage.trim().split(":");
    return { until: Number(until), bands: names === BANDS_FOR_ALL ? [...DIFFICULTIES] : names.split("+") };
  });
  const parsed = TrainSettings.shape.curriculum.safeParse(stages);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`Expected stages such as ${curriculumText()}, got "${text}".`);
}

const curriculumText = (): string =>
  DEFAULTS.curriculum.map(({ until, bands }) => `${bands.join("+")}:${until}`).join(",");

function share(text: string): number {
  const value = Number(text);
  if (text !== "" && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("Expected a number from 0 to 1.");
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError("Expected a number above 0.");
}

/** `0.02:0.003` */
function pair(text: string): Settings["entropy"] {
  const parsed = TrainSettings.shape.entropy.safeParse(text.split(":").map(Number));
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError("Expected two numbers from 0, such as 0.02:0.003.");
}
