import { keyDef, SERVICES, shuffled } from "../../env/contract/index.ts";
import type { ConfigValue, PublicKey, ResultData } from "../../env/contract/index.ts";
import { config, resolve, set } from "../runbook/steps.ts";
import { BLIND } from "./bounds.ts";
import { defineProbe } from "./define.ts";
import { guess } from "./guess.ts";
import type { KnownAnswer } from "./knowledge.ts";
import { canAct, sweep } from "./watch.ts";

export const configDiff = defineProbe({
  name: "config-diff",
  summary:
    "Sets keys that differ from the factory defaults back in turn, and blames the one that turns the panel green.",
  needs: "keyTable",
  bounds: [...BLIND, "resolved < 0.15"],
  *play({ page, rng, told }) {
    const answers: KnownAnswer[] = [];
    let seen = page;
    for (const service of SERVICES) {
      if (!canAct(seen)) break;
      seen = yield config(service);
      for (const [key, value] of deviations(seen.result.data)) {
        const close = told[`${service}.${key}`] ?? resolve([service, "capacity"]);
        answers.push({ fix: [set(service, key, value)], close });
      }
    }
    return (yield* sweep(seen, shuffled(rng, answers))) ?? guess(rng);
  },
});

/** Keys of a listing that are not at their default, with the default. Names but those of hosts have none to go back to. */
function deviations(data: ResultData | null): [key: string, value: ConfigValue][] {
  if (data?.kind !== "config") return [];
  return data.keys.flatMap(({ key, value }) => {
    const def = keyDef(data.service, key);
    return def === undefined || def.default === value || !isFixed(def) ? [] : [[key, def.default]];
  });
}

const isFixed = (def: PublicKey): boolean => def.kind !== "name" || (def.of === "host" && !def.readOnly);
