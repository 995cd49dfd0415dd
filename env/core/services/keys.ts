/** What a configuration key may hold. */
export type ConfigValue = number | boolean | string;

interface KeyBase {
  /** One phrase for people and models. */
  readonly summary: string;
}

/** A whole number with a unit. `min` and `max` are what the schema accepts and an agent may see. */
export interface NumberKey extends KeyBase {
  readonly kind: "number";
  readonly default: number;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  /** Hidden: a value that an agent set must end inside, or the fix does not count as durable. */
  readonly envelope?: readonly [low: number, high: number];
  /** The number that means "off" or "unlimited", where there is one. */
  readonly off?: number;
  /** Whether `off` lies inside the envelope although it is outside the interval. */
  readonly offIsSafe?: boolean;
}

export interface FlagKey extends KeyBase {
  readonly kind: "flag";
  readonly default: boolean;
  /** Hidden: the only safe position, where one is unsafe. */
  readonly envelope?: boolean;
}

export interface ChoiceKey extends KeyBase {
  readonly kind: "choice";
  readonly default: string;
  readonly choices: readonly string[];
  /** Hidden: the safe choices, where some are unsafe. */
  readonly envelope?: readonly string[];
}

/** What a name refers to; decides which values are accepted and how a seed draws them. */
export type NameOf = "host" | "token" | "certificate" | "release" | "provider";

export interface NameKey extends KeyBase {
  readonly kind: "name";
  readonly default: string;
  readonly of: NameOf;
  readonly readOnly?: true;
}

export type KeyDef = NumberKey | FlagKey | ChoiceKey | NameKey;

/** The values that a service's key table describes. */
export type ValuesOf<Table extends Readonly<Record<string, KeyDef>>> = {
  -readonly [Key in keyof Table]: Table[Key] extends NumberKey ? number : Table[Key] extends FlagKey ? boolean : string;
};

type NumberExtras = Partial<Pick<NumberKey, "envelope" | "off" | "offIsSafe">>;

/** Describes a numeric key: default, unit, accepted range, then the hidden envelope. */
export const number = (
  summary: string,
  value: number,
  unit: string,
  [min, max]: readonly [number, number],
  extras: NumberExtras = {},
): NumberKey => ({ kind: "number", summary, default: value, unit, min, max, ...extras });

export const flag = (summary: string, value: boolean, envelope?: boolean): FlagKey =>
  envelope === undefined
    ? { kind: "flag", summary, default: value }
    : { kind: "flag", summary, default: value, envelope };

export const choice = (
  summary: string,
  value: string,
  choices: readonly string[],
  envelope?: readonly string[],
): ChoiceKey =>
  envelope === undefined
    ? { kind: "choice", summary, default: value, choices }
    : { kind: "choice", summary, default: value, choices, envelope };

export const name = (summary: string, value: string, of: NameOf, readOnly?: true): NameKey =>
  readOnly ? { kind: "name", summary, default: value, of, readOnly } : { kind: "name", summary, default: value, of };
