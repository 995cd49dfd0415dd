import { Command } from "commander";
import { UsageError } from "../../errors.ts";
import type { Check } from "../../doctor/check.ts";
import { checkMachine } from "../../doctor/machine.ts";
import { checkModel, PROBE_TOKENS } from "../../doctor/model.ts";
import { modelsNamed } from "../../llm-variants.ts";
import type { NamedModel } from "../../provider/config.ts";
import { thisBuild } from "../../report/build.ts";
import { systemClock } from "../../clock.ts";
import { readAgents, withAgentOptions } from "../agent-options.ts";
import type { Agents, GivenOptions } from "../agent-options.ts";
import { EXIT } from "../exit.ts";
import { openModels } from "../open-models.ts";
import { dbOption, jsonOption } from "../options.ts";
import { note, printJson, printTable } from "../output.ts";
import type { Wiring } from "../wiring.ts";

interface DoctorOptions extends GivenOptions {
  readonly models?: string;
  readonly db: string;
  readonly json?: true;
}

/** Dialects of a provider are found out by a second attempt. */
const ATTEMPTS = { max_retries: 1 };

/** `oncall doctor`: whether a run would find what it needs. */
export function doctorCommand(wiring: Wiring): Command {
  const command = new Command("doctor")
    .summary("look whether a run would find what it needs")
    .description(
      "Looks at database, disk, suite and anchors, and asks every model one short question, through its gate: " +
        "is it reached, does it take the key, what does it call itself, does it call functions.",
    )
    .option("--models <list>", "models and groups; absent: all of the configuration");
  return withAgentOptions(command)
    .addOption(dbOption())
    .addOption(jsonOption())
    .action(async (options: DoctorOptions) => {
      const { db, json } = options;
      const agents = readAgents(options);
      const build = thisBuild(wiring.suite, wiring.frozenFolder);
      const checks = await checkMachine({ db, openStore: wiring.openStore, build });
      const isWritable = checks.every(({ what, health }) => what !== "database" || health !== "fail");
      const models = modelsOf(agents, options.models);
      if (isWritable) checks.push(...(await checkModels(wiring, agents, models, db)));
      else if (models.length > 0)
        note("No model is asked: calls are counted in the database, which cannot be written.");
      if (json) printJson({ ok: !checks.some(isFailure), checks });
      else
        printTable(
          ["of", "what", "", "found"],
          checks.map(({ of, what, health, detail }) => [of, what, health, detail]),
        );
      process.exitCode = checks.some(isFailure) ? EXIT.failed : EXIT.ok;
    });
}

const isFailure = ({ health }: Check): boolean => health === "fail";

function modelsOf({ config, sources }: Agents, named: string | undefined): NamedModel[] {
  const list = named ?? Object.keys(config.models).join(",");
  if (list === "") return [];
  return modelsNamed(list, sources).map(({ name, entry }) => ({
    name,
    entry: { ...entry, max_output_tokens: entry.max_output_tokens ?? PROBE_TOKENS },
  }));
}

/** One after another, so that a model's answer is not another's wait. */
async function checkModels(
  wiring: Wiring,
  agents: Agents,
  models: readonly NamedModel[],
  db: string,
): Promise<Check[]> {
  const checks: Check[] = [];
  const store = await wiring.openStore(db, false);
  const patient = { ...agents, policy: { ...ATTEMPTS, ...agents.policy } };
  const opened = openModels(patient, models, store, null);
  try {
    for (const model of models) {
      const began = systemClock.now();
      try {
        const open = opened.models.open(model);
        const calls = async () => {
          const all = await store.calls({ endpointKey: open.endpointKey });
          return all.filter(({ sentAt, modelRequested }) => sentAt >= began && modelRequested === model.entry.model);
        };
        const { signal } = new AbortController();
        const chat = open.forEpisode(null);
        checks.push(
          ...(await checkModel({
            model,
            chat,
            calls,
            prices: agents.config.prices,
            now: () => systemClock.now(),
            signal,
          })),
        );
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        checks.push({ of: model.name, what: "key", health: "fail", detail: error.message });
      }
    }
  } finally {
    await opened.close();
    await store.close();
  }
  return checks;
}
