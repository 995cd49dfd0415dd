import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { Backend } from "../../env/store/backend.ts";
import type { ResultStore, RunRecord } from "../../env/store/store.ts";
import { amend, together } from "../amend.ts";
import { importRun } from "../checkpoint/import.ts";
import { RUN_FILE } from "../checkpoint/names.ts";
import { UsageError } from "../errors.ts";
import { describeDifference, fingerprintFields } from "../fingerprint.ts";
import type { Plan } from "../plan.ts";
import { count } from "../report/numbers.ts";
import { readAgents } from "./agent-options.ts";
import type { GivenOptions } from "./agent-options.ts";
import { note } from "./output.ts";
import { partsOf, planFrom } from "./plan-options.ts";
import { folderOf, sit } from "./sitting.ts";
import type { SittingOptions } from "./sitting-options.ts";
import { amendment, requestFromStored, storedRequest } from "./stored-request.ts";
import type { StoredRequest } from "./stored-request.ts";
import type { Wiring } from "./wiring.ts";

export interface ResumeRequest {
  /** Id of the run; absent: `find` decides. */
  readonly id: string | undefined;
  readonly find: (store: ResultStore) => Promise<RunRecord>;
  readonly options: SittingOptions & GivenOptions;
  /** Whose flags say what is asked for now. */
  readonly command: Command;
  /** Whether that is added to what the run plays; otherwise it must be the same. */
  readonly amend?: boolean;
}

/**
 * Goes on with a stored run, after making sure that it plays what it was planned to.
 * @throws UsageError with every field that differs
 */
export async function resumeStored(wiring: Wiring, request: ResumeRequest): Promise<void> {
  const { options, find, command } = request;
  const backend = await wiring.openBackend(options.db);
  try {
    if (request.id !== undefined) await importUnknown(backend, request.id, options);
    const run = await find(backend.results);
    const given = givenOn(command);
    const asked = askedNow(storedIn(run), given, request.amend === true);
    const plan = planAgain(wiring, run, asked, given);
    if (request.amend !== true) assertSame(run, plan);
    const slots = await backend.results.slots(run.runId);
    const lacking = slots.filter(({ state }) => state !== "scored").length;
    if (lacking === 0 && slots.length > 0 && plan.fingerprint === run.fingerprint) {
      return note(`Run ${run.runId} lacks nothing: every episode has a score.`);
    }
    sayWhoGetsKeys(plan);
    const agents = readAgents({ ...requestFromStored(asked.at(-1)), ...given });
    const { maxEpisodeTokens, salt } = plan;
    await sit(wiring, backend, {
      plan: run.status === "planned" ? plan : amend(plan, slots),
      agents,
      options,
      asked,
      isResumed: true,
      salt,
      ...(maxEpisodeTokens === null ? {} : { maxEpisodeTokens }),
    });
  } finally {
    await backend.close();
  }
}

/** A run that the database does not know, but whose checkpoints are there, is brought in first. */
async function importUnknown({ results, jobs }: Backend, id: string, options: SittingOptions): Promise<void> {
  const folder = folderOf(options, id);
  if ((await results.run(id)) !== null || !existsSync(join(folder, RUN_FILE))) return;
  const { episodes, problems } = await importRun(folder, results, jobs);
  note(`Run ${id} was brought in from ${folder}: ${count(episodes, "episode")}.`);
  for (const { file, problem } of problems) note(`Left out, and played again: ${file}: ${problem}`);
}

/** A run may have come from a stranger's database, with an address of theirs. */
function sayWhoGetsKeys({ variants }: Plan): void {
  const models = new Map(variants.flatMap(({ model }) => (model === null ? [] : [[model.name, model.entry] as const])));
  for (const [name, { base_url: address, api_key_env: variable }] of models) {
    if (variable !== undefined) note(`${name} is asked at ${address}, with the key in ${variable}.`);
  }
}

/** Flags that were typed, and not those that only have a default. */
function givenOn(command: Command): GivenOptions {
  const all = Object.entries(command.opts<GivenOptions>());
  return Object.fromEntries(all.filter(([name]) => command.getOptionValueSource(name) === "cli"));
}

function storedIn({ runId, filter }: RunRecord): StoredRequest[] {
  const { asked } = filter;
  if (Array.isArray(asked) && asked.length > 0) return asked as StoredRequest[];
  throw new UsageError(`Run ${runId} was not started by oncall run, and cannot be resumed.`);
}

const askedNow = (stored: readonly StoredRequest[], given: GivenOptions, isAmended: boolean): StoredRequest[] =>
  isAmended ? amendment(stored, given) : stored.map((request) => ({ ...request, ...storedRequest(given) }));

/** The plan that the requests make together, under the id that the run has. The salt is not stored, but asked for anew. */
function planAgain(
  wiring: Wiring,
  { runId }: RunRecord,
  asked: readonly StoredRequest[],
  { salt }: { readonly salt?: string },
): Plan {
  const parts = asked.map((stored) => {
    const request = requestFromStored(stored, salt);
    return partsOf(wiring, request, readAgents(request));
  });
  const [first, ...others] = parts;
  if (first === undefined) throw new TypeError("No request.");
  return planFrom(together([first, ...others]), runId);
}

function assertSame({ runId, fingerprint, filter }: RunRecord, plan: Plan): void {
  if (plan.fingerprint === fingerprint) return;
  const lines = describeDifference(filter["plays"], JSON.parse(JSON.stringify(fingerprintFields(plan))));
  throw new UsageError(
    `Run ${runId} was planned to play something else. What differs, as stored -> as asked for now:\n` +
      lines.map((line) => `  ${line}`).join("\n"),
    `oncall run --resume ${runId} --amend, to add agents, incidents or trials; or start a new run`,
  );
}
