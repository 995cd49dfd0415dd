import { modelsPython } from "./models.ts";
import { cataloguePython } from "./names.ts";
import { toolsPython } from "./tools.ts";

/** Every generated file of the Python package, by its name. */
export const generatedFiles = (): Readonly<Record<string, string>> => ({
  "catalogue.py": cataloguePython(),
  "models.py": modelsPython(),
  "tools.py": toolsPython(),
});
