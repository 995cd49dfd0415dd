import { actionMethods, parameters } from "./arguments.ts";
import type { ActionMethod } from "./arguments.ts";
import { banner } from "./python.ts";

/**
 * `tools.py`: one method for each action. Trainers show name, type hints and docstring to the model, in Google's style;
 * a line that begins with a word and a colon would be read as another argument.
 */
export const toolsPython = (): string => `${banner("The actions as methods, for trainers that make tools of methods.")}
from .catalogue import CauseService, ConfigValue, FaultClass, ServiceName


class IncidentTools:
    """One method for each action; each returns what is seen afterwards, as text."""

    def _act(self, **action: object) -> str:
        raise NotImplementedError

${actionMethods.map(method).join("\n")}`;

function method(action: ActionMethod): string {
  const { type, summary, args } = action;
  const lines = args.map(({ name, description }) => `            ${name}: ${description}`);
  const fields = [`type="${type}"`, ...args.map(({ name }) => `${name}=${name}`)];
  return `    def ${type}(self, ${parameters(action)}) -> str:
        """
        ${summary}

        Args:
${lines.join("\n")}

        Returns:
            What is seen afterwards, as text.
        """
        return self._act(${fields.join(", ")})
`;
}
