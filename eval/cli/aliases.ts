import { join } from "node:path";
import { policySettings } from "../provider/policy.ts";
import type { PolicyName } from "../provider/policy.ts";
import { SREZERO_WORDS } from "../provider/read-policy.ts";

/** What follows a flag: nothing, a value, or any number of words up to the next flag. */
type Takes = "nothing" | "value" | "words";

/** A flag of SRE-Zero's runners, and what it says here. */
export interface Alias {
  readonly theirs: string;
  readonly takes: Takes;
  /** Our flag and its value; none where nothing is to be said. */
  readonly ours: (given: readonly string[]) => readonly string[];
  /** For help. */
  readonly means: string;
}

const renamed = (theirs: string, flag: string): Alias => ({
  theirs,
  takes: "value",
  ours: ([value = ""]) => [flag, value],
  means: flag,
});

const fixed = (theirs: string, ...ours: readonly string[]): Alias => ({
  theirs,
  takes: "nothing",
  ours: () => ours,
  means: ours.join(" "),
});

/** Words become one list, each after a prefix; without any, the list stands for them. */
const listed = (theirs: string, flag: string, { prefix = "", absent = "" } = {}): Alias => ({
  theirs,
  takes: "words",
  ours: (given) =>
    given.length === 0 && absent === "" ? [] : [flag, given.map((one) => prefix + one).join(",") || absent],
  means: `${flag} ${prefix === "" ? "LIST" : `${prefix}…`}${absent === "" ? "" : `; without a list ${absent}`}`,
});

const dropped = (theirs: string, takes: Takes, means: string): Alias => ({ theirs, takes, ours: () => [], means });

/** Limits that both programs have, under the names of `SREZERO_LLM_…`. */
const policyAliases = Object.entries(SREZERO_WORDS).map(([name, words]) =>
  renamed(`--llm-${words}`, policySettings[name as PolicyName].flag),
);

export const aliases: readonly Alias[] = [
  listed("--only-baselines", "--agents", { absent: "random,runbook,expert" }),
  listed("--all-llm-models", "--models", { absent: "all" }),
  listed("--prompting-models", "--agents", { prefix: "prompting:" }),
  listed("--react-models", "--agents", { prefix: "react:" }),
  listed("--open-source-models", "--agents", { prefix: "prompting:" }),
  listed("--frontier-models", "--agents", { prefix: "prompting:" }),
  renamed("--episodes", "--trials"),
  renamed("--llm-episodes", "--trials"),
  renamed("--deterministic-episodes", "--anchor-trials"),
  renamed("--timeout-seconds", policySettings.attempt_timeout_s.flag),
  renamed("--llm-max-tokens", "--max-output-tokens"),
  ...policyAliases,
  fixed("--llm-reasoning-exclude", "--reasoning", "off"),
  fixed("--llm-qwen-no-think", "--reasoning", "off"),
  dropped("--no-llm-reasoning-exclude", "nothing", "the server's own"),
  dropped("--no-llm-qwen-no-think", "nothing", "the server's own"),
  fixed("--no-api", "--skip-llm"),
  {
    theirs: "--output-dir",
    takes: "value",
    ours: ([folder = ""]) => ["--db", join(folder, "oncall.db")],
    means: "--db FOLDER/oncall.db",
  },
  dropped("--summary-output", "value", "nothing: export json"),
  dropped("--log-file", "value", "nothing: show has the events"),
  dropped("--no-log-file", "nothing", "nothing"),
  dropped("--target-steps", "value", "nothing: steps are no part of the score"),
];

/** Only `run` takes no words of its own, so that those after its list of tasks can be nothing else. */
const spacedTasks = listed("--task-ids", "--task-ids");

/** Flags that may be given several times by way of aliases, and then hold one list. */
const LISTS: ReadonlySet<string> = new Set(["--agents", "--models", "--task-ids"]);

/** Arguments of a command with the flags of SRE-Zero in our words; `--flag=value` is read, too. */
export function withoutAliases(args: readonly string[]): string[] {
  const known = args.includes("run") ? [...aliases, spacedTasks] : aliases;
  const translated: string[] = [];
  const lists = new Map<string, number>();
  for (let rest = args; rest.length > 0;) {
    const [arg = "", ...others] = rest;
    const [name = "", ...inline] = arg.split("=");
    const alias = known.find(({ theirs }) => theirs === name);
    const given = alias === undefined ? [] : inline.length > 0 ? [inline.join("=")] : givenTo(alias, others);
    rest = inline.length > 0 ? others : others.slice(given.length);
    if (alias === undefined) translated.push(arg);
    else addTo(translated, lists, alias.ours(given));
  }
  return translated;
}

function givenTo({ takes }: Alias, others: readonly string[]): readonly string[] {
  const flag = others.findIndex((one) => one.startsWith("-"));
  const words = flag === -1 ? others : others.slice(0, flag);
  if (takes === "words") return words;
  return takes === "value" ? others.slice(0, 1) : [];
}

/** Adds a flag; a list that is there already grows instead. */
function addTo(translated: string[], lists: Map<string, number>, ours: readonly string[]): void {
  const [flag = "", value = ""] = ours;
  const place = lists.get(flag);
  if (place === undefined) {
    translated.push(...ours);
    if (LISTS.has(flag)) lists.set(flag, translated.length - 1);
    return;
  }
  const words = new Set([...(translated[place] ?? "").split(","), ...value.split(",")]);
  translated[place] = [...words].join(",");
}

/** For the end of a command's help. */
export const aliasHelp = (): string =>
  ["Flags of SRE-Zero's runner are read, too:", ...aliases.map(({ theirs, means }) => `  ${theirs}: ${means}`)].join(
    "\n",
  );
