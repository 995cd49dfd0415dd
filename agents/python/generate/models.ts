import { z } from "zod";
import { ObservationSchema } from "../../../env/contract/observation-schema.ts";
import { StateSchema } from "../../../env/contract/state-schema.ts";
import { actionMethods, parameters } from "./arguments.ts";
import type { ActionMethod, Argument } from "./arguments.ts";
import { Classes, fieldOf } from "./classes.ts";
import { banner, text } from "./python.ts";
import type { Schema } from "./python.ts";

/** OpenEnv's own base classes hold these already. */
const STATE_BASE = ["episode_id", "step_count"];

/** `models.py`: what crosses the wire, as Pydantic models on OpenEnv's base classes. */
export function modelsPython(): string {
  const classes = new Classes();
  classes.add({
    name: "OncallObservation",
    base: "Observation",
    about: "What the agent sees. `done`, `reward` and `metadata` are OpenEnv's and belong to the control plane.",
    schema: z.toJSONSchema(ObservationSchema) as Schema,
  });
  classes.add(
    {
      name: "OncallState",
      base: "State",
      about: "Where the episode stands: control plane, not for the agent. Only the first two before the first reset.",
      schema: z.toJSONSchema(StateSchema) as Schema,
    },
    STATE_BASE,
  );
  return `${banner("What crosses the wire, as Pydantic models.")}
from __future__ import annotations

from typing import Annotated, Any, Literal

from openenv.core.env_server.types import Action, Observation, State
from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

from .catalogue import ActionType, CauseService, ConfigValue, FaultClass, ServiceName

${actionClass()}
class Part(BaseModel):
    """A part of an observation. A newer server may say more than this."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)


${open(classes.toString())}`;
}

/** Lets what a newer server adds pass: OpenEnv's base for observations forbids it. */
const open = (source: string): string =>
  source.replaceAll(
    /^(class Oncall\w+\((?:Observation|State)\):\n {4}"""[^"]*"""\n)/gm,
    '$1\n    model_config = ConfigDict(extra="allow", populate_by_name=True)\n',
  );

const actionClass = (): string => `
class OncallAction(Action):
    """
    One action. Make one with the method of its name, such as \`OncallAction.inspect_logs("cache")\`.

    Whether an action is valid now decides the environment; what is not costs a step and changes nothing.
    """

    type: ActionType
${allArguments().map(field).join("")}
    @model_serializer(mode="wrap")
    def _without_absent(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """What an action does not take is left out of it: the environment refuses keys that do not belong."""
        return {name: value for name, value in handler(self).items() if value is not None}

${actionMethods.map(constructor).join("\n")}
`;

/** The arguments of all actions; where two differ on one, whatever either takes. */
function allArguments(): Argument[] {
  const found = new Map<string, Argument>();
  for (const argument of actionMethods.flatMap(({ args }) => args)) {
    const other = found.get(argument.name);
    found.set(argument.name, other === undefined || argument.type === other.type ? argument : widened(other, argument));
  }
  return [...found.values()];
}

const widened = (a: Argument, b: Argument): Argument => ({
  ...a,
  type: a.type === "ServiceName" && b.type === "CauseService" ? b.type : `${a.type} | ${b.type}`,
  description: `${a.description} ${b.description}`,
});

const field = ({ name, type, description }: Argument): string =>
  `${fieldOf(`    ${name}: ${type} | None`, ["default=None", `description=${text(description)}`])}\n`;

function constructor(action: ActionMethod): string {
  const { type, summary, args } = action;
  const fields = [`type="${type}"`, ...args.map(({ name }) => `${name}=${name}`)];
  return `    @classmethod
    def ${type}(cls, ${parameters(action)}) -> OncallAction:
        """${summary}"""
        return cls(${fields.join(", ")})
`;
}
