import { existsSync } from "node:fs";
import { loadEnvFile } from "node:process";
import { UsageError } from "../errors.ts";
import type { ModelEntry, NamedModel } from "./config.ts";
import { Secret } from "./secret.ts";

/** Reads `.env` where there is one. What the real environment has stays as it is. */
export function loadKeys(file = ".env"): void {
  if (existsSync(file)) loadEnvFile(file);
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The key of a model; null where it needs none.
 * @throws UsageError when its variable is not set
 */
export function keyOf({ name, entry }: NamedModel, env: Environment): Secret | null {
  const variable = entry.api_key_env;
  if (variable === undefined) return null;
  const value = env[variable]?.trim();
  if (value === undefined || value === "") {
    throw new UsageError(`Model "${name}" needs a key in ${variable}. Set it, or write it into .env.`);
  }
  if (/^[\x21-\x7e]+$/.test(value)) return new Secret(value);
  throw new UsageError(`${variable} holds characters that no key has, such as a space or a line break.`);
}

/** Every key that the configuration names and the environment has: what must never be written. */
export function allKeys(entries: readonly ModelEntry[], env: Environment): Secret[] {
  const variables = new Set(entries.flatMap(({ api_key_env: variable }) => variable ?? []));
  return [...variables].flatMap((variable) => {
    const value = env[variable]?.trim() ?? "";
    return value === "" ? [] : [new Secret(value)];
  });
}
