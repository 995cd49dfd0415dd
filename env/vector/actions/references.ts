import type { ConfigValue } from "../../core/services/keys.ts";
import { KEYS } from "../keys.ts";
import type { KeyEntry } from "../keys.ts";

/** Something that an agent may have been shown, by the position of the key that it belongs to. */
export type Reference =
  /** The value that a key holds. */
  | { readonly of: "value"; readonly key: number }
  /** The value that a key held before the newest revision of its history. */
  | { readonly of: "before"; readonly key: number }
  /** A name of the inventory that a key accepts, by its place in the list. */
  | { readonly of: "listed"; readonly key: number; readonly at: number };

/** What an agent was shown of configuration so far. Nothing gets in here but what stood in an observation. */
export class ShownValues {
  readonly #values: (ConfigValue | undefined)[] = KEYS.map(() => undefined);
  readonly #before: (ConfigValue | undefined)[] = KEYS.map(() => undefined);
  readonly #listed: (readonly string[] | undefined)[] = KEYS.map(() => undefined);
  /** Moves with every change, so that what is derived of it need not be derived again. */
  #version = 0;

  get version(): number {
    return this.#version;
  }

  clear(): void {
    this.#version += 1;
    this.#values.fill(undefined);
    this.#before.fill(undefined);
    this.#listed.fill(undefined);
  }

  setValue(key: number, value: ConfigValue): void {
    this.#version += 1;
    this.#values[key] = value;
  }

  /** @param value undefined when the history is empty */
  setBefore(key: number, value: ConfigValue | undefined): void {
    this.#version += 1;
    this.#before[key] = value;
  }

  setListed(key: number, names: readonly string[]): void {
    this.#version += 1;
    this.#listed[key] = names;
  }

  /** The value of a key; undefined when it was not shown. */
  value(key: number): ConfigValue | undefined {
    return this.#values[key];
  }

  /** The names that a key accepts; none when they were not shown. */
  listed(key: number): readonly string[] {
    return this.#listed[key] ?? [];
  }

  /** What a reference stands for; undefined when it was not shown. */
  read(reference: Reference): ConfigValue | undefined {
    switch (reference.of) {
      case "value":
        return this.#values[reference.key];
      case "before":
        return this.#before[reference.key];
      case "listed":
        return this.#listed[reference.key]?.[reference.at];
    }
  }
}

/** `web_server.payment_provider`, `cache.ttl_s before its last revision`, `load_balancer.tls_cert_id listed 2nd` */
export function referenceText(reference: Reference): string {
  const { service, key } = KEYS[reference.key] as KeyEntry;
  const name = `${service}.${key}`;
  switch (reference.of) {
    case "value":
      return name;
    case "before":
      return `${name} before its last revision`;
    case "listed":
      return `${name} listed ${["1st", "2nd", "3rd"][reference.at] ?? `${reference.at + 1}th`}`;
  }
}
