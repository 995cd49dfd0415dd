import { drawNames } from "../../core/names.ts";
import type { Names } from "../../core/names.ts";
import { steadyState } from "../../core/steady.ts";
import type { State } from "../../core/state.ts";
import type { LogCondition } from "../../core/telemetry/log-lines.ts";
import { logConditions } from "../../core/telemetry/logs.ts";
import { SERVICES } from "../../core/topology.ts";
import type { ServiceName } from "../../core/topology.ts";
import { KEYS } from "../keys.ts";

/** Stands for every word that differs from line to line. */
const VARIABLE = "#";
/** How often a line came, in its own words: ` (8830 in 60 s)`. */
const COUNT = / \((\d+) in \d+ s\)$/;

/** A line as it was shown, taken apart. */
export interface ReadLine {
  /** Position among the templates of all services; −1 for a line that tells nothing, as most do. */
  readonly template: number;
  readonly count: number;
}

/** Reads a shown line: `02:16:40 WARN slow statement …`. */
export function readLine(service: ServiceName, line: string): ReadLine {
  const counted = line.endsWith(" s)") ? COUNT.exec(line) : null;
  const from = line.indexOf(" ", line.indexOf(" ") + 1) + 1;
  return {
    template: templateOf(trees[service], line, from, counted?.index ?? line.length),
    count: counted === null ? 1 : Number(counted[1]),
  };
}

/** A word of some lines, and those that may follow it. */
interface Node {
  readonly next: Map<string, Node>;
  /** Of the line that ends here; −1: none. */
  template: number;
}

const newNode = (): Node => ({ next: new Map(), template: -1 });

/** Walks down a tree word by word; where a word does not stand, anything may. */
function templateOf(tree: Node, line: string, from: number, to: number): number {
  let node: Node | undefined = tree;
  for (let at = from; at <= to && node !== undefined;) {
    const space = line.indexOf(" ", at);
    const end = space < 0 || space > to ? to : space;
    node = node.next.get(line.slice(at, end)) ?? node.next.get(VARIABLE);
    at = end + 1;
  }
  return node?.template ?? -1;
}

function addTemplate(tree: Node, words: string, template: number): void {
  let node = tree;
  for (const word of words.split(" ")) {
    const next = node.next.get(word) ?? newNode();
    node.next.set(word, next);
    node = next;
  }
  node.template = template;
}

/** A text without what differs from line to line. */
const normalised = (text: string): string =>
  text
    .split(" ")
    .map((word) => (vocabulary.has(word) ? word : VARIABLE))
    .join(" ");

/** Written where a name stands, so that it can be told from what always stands there. */
const BLANK = "0";

interface Sample {
  readonly state: State;
  readonly names: Names;
}

/** Systems in which the lines of a condition take every form that they have. */
function samples(blank: boolean): readonly Sample[] {
  const names = drawNames(0);
  const blankNames = Object.fromEntries(Object.keys(names).map((role) => [role, BLANK]));
  return [false, true].flatMap((flag) =>
    [false, true].map((pathDown) => {
      const state = steadyState();
      state.database.pathDown = pathDown;
      for (const { service, key, def } of KEYS) {
        const config = state.config[service] as Record<string, unknown>;
        if (def.kind === "flag") config[key] = flag;
        else if (def.kind !== "number" && blank) config[key] = BLANK;
      }
      return { state, names: blank ? blankNames : names };
    }),
  );
}

const blankSamples = samples(true);
const allSamples = [...blankSamples, ...samples(false)];

const textsOf = ({ text, past }: LogCondition, among: readonly Sample[]): string[] =>
  among.flatMap(({ state, names }) => {
    const context = { state, names, host: 0, serial: 1000 };
    return past === undefined ? [text(context)] : [text(context), past(context)];
  });

/** Words that stand in lines whatever the names and numbers are. */
const vocabulary: ReadonlySet<string> = new Set(
  SERVICES.flatMap((service) => logConditions[service])
    .flatMap((condition) => textsOf(condition, blankSamples))
    .flatMap((text) => text.split(" "))
    .filter((word) => !/\d/.test(word)),
);

/** The lines that a service may write, each by its words; in the order of its conditions. */
export const LOG_TEMPLATES: readonly { readonly service: ServiceName; readonly words: string }[] = SERVICES.flatMap(
  (service) =>
    logConditions[service].map((condition) => ({
      service,
      words: normalised(textsOf(condition, blankSamples)[0] as string),
    })),
);

/** Where the templates of each service begin. */
export const firstTemplate = Object.fromEntries(
  SERVICES.map((service) => [service, LOG_TEMPLATES.findIndex((template) => template.service === service)]),
) as Readonly<Record<ServiceName, number>>;

/** For each service, all its lines by their words. */
const trees = Object.fromEntries(
  SERVICES.map((service) => {
    const tree = newNode();
    logConditions[service].forEach((condition, i) => {
      for (const text of textsOf(condition, allSamples))
        addTemplate(tree, normalised(text), firstTemplate[service] + i);
    });
    return [service, tree];
  }),
) as unknown as Readonly<Record<ServiceName, Node>>;
