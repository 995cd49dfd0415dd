import { randomInt } from "node:crypto";

/**
 * The sizes of a bar from the command line, whole numbers in this order; those that are missing are at full size. The
 * last one is always the seed, drawn when it is missing.
 * @param bar its name, for the usage line
 */
export function readSizes<Name extends string>(
  bar: string,
  full: Readonly<Record<Name, number>>,
): Readonly<Record<Name | "seed", number>> {
  const defaults: Readonly<Record<string, number>> = { ...full, seed: randomInt(2 ** 31) };
  const names = Object.keys(defaults);
  const given = process.argv.slice(2);
  if (given.length > names.length || given.some((text) => !/^\d{1,10}$/.test(text))) {
    const parts = names.map((name) => `[${name}${name === "seed" ? "" : `, ${defaults[name]} without`}]`);
    process.stderr.write(`Usage: ${bar}.ts ${parts.join(" ")}\n`);
    process.exit(given.includes("--help") ? 0 : 2);
  }
  const entries = names.map((name, i) => [name, given[i] === undefined ? defaults[name] : Number(given[i])]);
  return Object.fromEntries(entries) as Record<Name | "seed", number>;
}
