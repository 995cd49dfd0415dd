import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { withoutAliases } from "../../eval/cli/aliases.ts";
import { withoutMiloAliases } from "../../eval/cli/milo-aliases.ts";
import { limitSettings, serverSettings } from "../../env/server/settings.ts";
import { playingWiring } from "../eval/cli/playing.ts";
import type { Proof } from "./row.ts";

const root = join(import.meta.dirname, "..", "..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");

/** What is wrong with a command; null when there is what it names. */
export async function wrongWith(proof: Proof): Promise<string | null> {
  switch (proof.by) {
    case "command":
      return wrongWithLine(proof.line);
    case "test":
      return wrongWithTest(proof.file, proof.name);
    case "bar":
      return read("test/torture/main.ts").includes(`{ name: "${proof.name}",`) ? null : "there is no such bar";
  }
}

/** A title of a test or a group, wherever its table stands. */
const TITLE = /\b(?:test|describe)\b[^"'`]*?\(\s*(["'`])((?:\\.|(?!\1).)*)\1/g;

function wrongWithTest(file: string, name: string): string | null {
  if (!existsSync(join(root, file))) return "there is no such file";
  if (/["$()*+?[\\\]^`{|}%]/.test(name))
    return "the name has characters that -t takes for a pattern, or a shell for its own";
  const source = read(file);
  const titles = [...source.matchAll(TITLE)].map(([, , title = ""]) => title);
  return titles.some((title) => hasName(title, name, source)) ? null : "no test or group has that name";
}

/** A name may begin with the word that a table puts in the place of a leading `%s`. */
function hasName(title: string, name: string, source: string): boolean {
  if (title.includes(name)) return true;
  const [word = "", ...rest] = name.split(" ");
  return title.startsWith(`%s ${rest.join(" ")}`) && rest.length > 0 && new RegExp(`^ *${word}:`, "m").test(source);
}

/** What the program itself would say of the line, short of carrying it out. */
async function wrongWithLine(line: string): Promise<string | null> {
  const typed = withoutMiloAliases(withoutAliases(["node", "oncall", ...line.split(" ")])).slice(2);
  if (typed[0] === "--help") return null;
  const [name = "", ...rest] = typed;
  const found = (await commands()).find((one) => one.name() === name || one.aliases().includes(name));
  if (found === undefined) return `there is no command "${name}"`;
  return wrongWithArguments(found, rest);
}

function wrongWithArguments(command: Command, args: readonly string[]): string | null {
  const [first = ""] = args;
  const below = command.commands.find((one) => one.name() === first);
  if (below !== undefined) return wrongWithArguments(below, args.slice(1));
  const { operands, unknown } = silenced(command).parseOptions(args.filter((arg) => arg !== "--help"));
  if (unknown.length > 0) return `${command.name()} does not take ${unknown.join(" ")}`;
  const { registeredArguments } = command;
  const most = registeredArguments.some(({ variadic }) => variadic) ? Infinity : registeredArguments.length;
  return operands.length > most ? `${command.name()} does not take ${operands.join(" ")}` : null;
}

const silenced = (command: Command): Command => command.exitOverride().configureOutput({ writeErr: () => undefined });

/** Every command that the program has: those of the folder that `main.ts` names. */
async function commands(): Promise<Command[]> {
  const folder = "eval/cli/commands";
  const main = read("eval/cli/main.ts");
  const modules = await Promise.all(
    readdirSync(join(root, folder)).map((file) => import(join(root, folder, file)) as Promise<Record<string, unknown>>),
  );
  const makers = modules.flatMap((module) =>
    Object.entries(module).filter(([name]) => name.endsWith("Command") && main.includes(name)),
  );
  return makers.map(([, make]) => (make as (wiring: unknown) => Command)(wiring()));
}

/** Commands are made and never carried out, but `serve` asks for its flags when it is made. */
const wiring = () =>
  playingWiring({
    serverFlags: Object.entries({ ...serverSettings, ...limitSettings }).map(([name, { flag, summary, env }]) => ({
      name,
      flag,
      summary,
      variables: env,
      isSwitch: false,
      valueOptional: true,
    })),
  });
