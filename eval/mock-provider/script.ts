import { readFileSync } from "node:fs";
import { z } from "zod";
import { didYouMean } from "../../env/core/suggest.ts";
import { UsageError } from "../errors.ts";
import { faults, isFault } from "./faults.ts";
import type { FaultName } from "./faults.ts";
import { Step } from "./step.ts";
import type { StepInput } from "./step.ts";

/**
 * What happens to one request after the other: `ok`, the name of a fault, or a step in full. A name with `x3` behind it
 * stands for three, one with `*` for all that follow. After the end all is well.
 */
export type ScriptInput = readonly (string | StepInput)[];

/** A script as it is played: what each request meets, by its number from 0. */
export type Script = (request: number) => Step;

const OK: Step = Step.parse({ do: "reply" });

/** @throws UsageError for a name that is no fault, or a step that is none */
export function readScript(input: ScriptInput): Script {
  const steps: Step[] = [];
  let rest = OK;
  for (const one of input) {
    const { step, times } = typeof one === "string" ? named(one) : { step: inFull(one), times: 1 };
    if (times === Infinity) {
      rest = step;
      break;
    }
    for (let i = 0; i < times; i += 1) steps.push(step);
  }
  return (request) => steps[request] ?? rest;
}

/** One fault for every request. */
export const endlessly = (name: FaultName): Script => readScript([`${name}*`]);

/**
 * A script from a JSON file that holds a list.
 * @throws UsageError naming the file
 */
export function readScriptFile(file: string): ScriptInput {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${file} cannot be read as JSON: ${(error as Error).message}.`);
  }
  const list = z.array(z.union([z.string(), z.looseObject({})])).safeParse(content);
  if (!list.success) throw new UsageError(`${file}: expected a list such as ["rate-limit x2", "ok*"].`);
  return list.data as ScriptInput;
}

function named(text: string): { step: Step; times: number } {
  const [, name = "", count, star] = /^([\w-]+?)(?:\s*x(\d{1,4}))?\s*(\*)?$/.exec(text.trim()) ?? [];
  const times = star === undefined ? Number(count ?? 1) : Infinity;
  if (name === "ok") return { step: OK, times };
  if (!isFault(name)) throw unknownFault(text);
  return { step: inFull(faults[name].step), times };
}

function inFull(input: StepInput): Step {
  const parsed = Step.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new UsageError(`A step of the script is none.\n${z.prettifyError(parsed.error)}`);
}

const unknownFault = (name: string): UsageError =>
  new UsageError(`Unknown fault "${name}".${didYouMean(name, Object.keys(faults))}`, "oncall mock-provider --help");
