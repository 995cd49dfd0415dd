import { ACTION_TYPES, CAUSE_SERVICES, FAULTS, SERVICES } from "../../../env/contract/index.ts";
import { environmentSchema } from "../../../env/contract/schema.ts";
import { LONGEST_OBSERVATION_TEXT } from "../../../env/contract/text.ts";
import { banner, call, members } from "./python.ts";
import type { Schema } from "./python.ts";

/** Closed lists that have a name in Python, and what each is. */
const lists = [
  { name: "ActionType", about: "What an action is.", values: ACTION_TYPES },
  { name: "ServiceName", about: "The five services.", values: SERVICES },
  { name: "CauseService", about: "Where a cause can lie.", values: CAUSE_SERVICES },
  { name: "FaultClass", about: "What can be broken.", values: FAULTS },
] as const;

/** The Python type of a property whose schema is one of the named lists, or a value of a configuration key. */
export function namedType({ type, enum: values, anyOf }: Schema): string | null {
  const found = lists.find((list) => JSON.stringify(list.values) === JSON.stringify(values));
  if (found !== undefined) return found.name;
  const kinds = anyOf?.map((one) => one.type) ?? type;
  return JSON.stringify(kinds) === '["number","boolean","string"]' ? "ConfigValue" : null;
}

/** `catalogue.py`: names and bounds that the other modules share. Needs nothing but Python. */
export function cataloguePython(): string {
  return `${banner("Names of actions, services and faults, and how long a text may be.")}
from typing import Final, Literal

${lists.map(({ name, about, values }) => `${call(`${name} = Literal[`, members(values), "]")}\n"""${about}"""\n`).join("\n")}
ConfigValue = int | float | bool | str
"""A value of a configuration key."""

ACTION_TYPES: Final[tuple[ActionType, ...]] = (
${ACTION_TYPES.map((type) => `    "${type}",\n`).join("")})
"""Every action, in the order in which models see them."""

LONGEST_OBSERVATION: Final = ${LONGEST_OBSERVATION_TEXT}
"""Longest text of an observation, in bytes of UTF-8."""

LONGEST_FREE_TEXT: Final = ${longestFreeText()}
"""Longest free text inside of an action, in characters."""
`;
}

/** The widest bound on a text that the published schema has. */
function longestFreeText(): number {
  const { properties } = environmentSchema().action as { properties: Readonly<Record<string, { maxLength?: number }>> };
  return Math.max(...Object.values(properties).map(({ maxLength = 0 }) => maxLength));
}
