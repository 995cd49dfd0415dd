import { expect, test } from "vitest";
import { referenceFor } from "../../tasks/reference.ts";
import { everySibling, seedOfSibling, startedEnv } from "../helpers.ts";

type Answer = "fix" | "no_fault";

/** A perfect answer, in parts. */
interface Play {
  readonly looks: readonly string[];
  readonly fix: readonly string[];
  readonly after: readonly string[];
  readonly close: readonly string[];
}

const instances = Object.fromEntries(
  (["fix", "no_fault"] as const).map((answer) => [answer, instanceWith(answer)]),
) as Record<Answer, ReturnType<typeof instanceWith>>;

/** A cause that is answered so, with more than one piece of evidence and room in its budgets for a slip. */
function instanceWith(answer: Answer) {
  const found = everySibling.find(
    ({ task, definition }) =>
      definition.answer === answer && definition.needed.length > 1 && task.difficulty !== "easy",
  );
  if (found === undefined) throw new RangeError(`No such incident is answered with "${answer}".`);
  const seed = seedOfSibling(found.task, found.sibling);
  const { looks, fix, verify, patience, close } = referenceFor(found.task, seed);
  const steps = fix.flatMap((step) => (typeof step === "number" ? Array<string>(step).fill(verify) : [step]));
  const after = answer === "fix" ? Array<string>(patience).fill(verify) : [];
  return { task: found.task, seed, play: { looks, fix: steps, after, close: [close] } satisfies Play };
}

/** The checks of a play that ends by closing, or is cut where it does not. */
function checksOf(answer: Answer, { looks, fix, after, close }: Play): Readonly<Record<string, boolean>> {
  const { task, seed } = instances[answer];
  const env = startedEnv(task, seed);
  for (const action of [...looks, ...fix, ...after, ...close]) env.step(action);
  if (env.running) env.truncate("test");
  const verdict = env.episode?.verdict;
  if (verdict === null || verdict === undefined) throw new Error("The episode has not ended.");
  return verdict.checks;
}

const WRONG_CLOSE = "resolve_incident(message_queue, leak)";
const slip = (play: Play, ...first: readonly string[]): Play => ({ ...play, looks: [...first, ...play.looks] });

/** What makes each check fail, and little else. */
const SLIPS: Readonly<Record<string, (play: Play) => Play>> = {
  calls_parse: (play) => slip(play, "nonsense"),
  args_valid: (play) => slip(play, "update_config(cache, nothing, 1)"),
  looked_first: (play) => ({ ...play, looks: play.fix, fix: play.looks }),
  needed_only: (play) => ({ ...play, fix: ["restart_service(message_queue)", ...play.fix] }),
  held_back: (play) => ({ ...play, fix: ["restart_service(message_queue)"] }),
  evidence_complete: (play) => ({ ...play, looks: play.looks.slice(0, 1) }),
  fix_right: (play) => ({ ...play, fix: [] }),
  durable: (play) => ({ ...play, fix: [] }),
  verified: (play) => ({ ...play, after: [] }),
  in_order: (play) => ({ ...play, after: [] }),
  closed: (play) => ({ ...play, close: [] }),
  close_valid: (play) => ({ ...play, close: ["resolve_incident(nowhere, leak)", ...play.close] }),
  service_right: (play) => ({ ...play, close: [WRONG_CLOSE] }),
  fault_right: (play) => ({ ...play, close: [WRONG_CLOSE] }),
  no_reask: (play) => slip(play, "inspect_config(load_balancer)", "inspect_config(load_balancer)"),
  steps_ok: (play) => slip(play, ...Array<string>(10).fill("check_status(load_balancer)")),
  recovered: (play) => ({ ...slip(play, "nonsense"), close: [WRONG_CLOSE] }),
};

test.each(Object.keys(SLIPS))("%s fails when what it asks for is missing, and passes otherwise", (name) => {
  const answer = name === "held_back" ? "no_fault" : "fix";
  const { play } = instances[answer];
  const sound = name === "recovered" ? slip(play, "nonsense") : play;
  expect(checksOf(answer, sound)[name]).toBe(true);
  expect(checksOf(answer, (SLIPS[name] as (play: Play) => Play)(play))[name]).toBe(false);
});
