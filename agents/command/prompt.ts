import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Observation } from "../../env/contract/index.ts";
import { observationText } from "../../env/contract/text.ts";
import { incidentText } from "../llm/prompts.ts";

const access = readFileSync(join(import.meta.dirname, "prompt.md"), "utf8").trimEnd();

/** What an outside program is told, as the file that `ONCALL_PROMPT_FILE` names. */
export const commandPrompt = (page: Observation): string =>
  `${incidentText()}\n\n${access}\n\nThe page:\n\n${observationText(page)}\n`;

/** Hash of every fixed word in it. */
export const commandPromptSha256 = (): string =>
  createHash("sha256").update(`${incidentText()}\n\n${access}`).digest("hex");
