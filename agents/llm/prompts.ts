import { readFileSync } from "node:fs";
import { join } from "node:path";
import { catalogue, faultMeanings, usage } from "../../env/contract/index.ts";

/** The instructions of a profile: what every responder is told, then how this one answers. Fixed, but for the lists. */
export const promptText = (profile: string): string => `${incidentText()}\n\n${fileText(profile)}`;

/** What every responder from outside is told of its work; nothing about the incident at hand. */
export const incidentText = (): string =>
  fileText("incident")
    .replace("{{actions}}", () => catalogue.map(({ type, summary }) => `- ${usage(type)}: ${summary}`).join("\n"))
    .replace("{{faults}}", () =>
      Object.entries(faultMeanings)
        .map(([fault, meaning]) => `- ${fault}: ${meaning}`)
        .join("\n"),
    );

const fileText = (name: string): string =>
  readFileSync(join(import.meta.dirname, "prompts", `${name}.md`), "utf8").trimEnd();
