import { commandLine } from "./row.ts";
import type { Row, Section } from "./row.ts";

/** The generated part of `notes/checklists.md`: a count, then a table for each section. */
export const checklists = (sections: readonly Section[]): string =>
  [tally(sections), ...sections.map(sectionText)].join("\n\n");

function tally(sections: readonly Section[]): string {
  const rows = sections.flatMap((section) => section.rows);
  const count = (state: Row["state"]): number =>
    rows.filter((row) => row.state === state).reduce((sum, { ids }) => sum + ids.length, 0);
  return `${count("shown")} rows shown, ${count("partly")} partly, ${count("not here")} not here.`;
}

function sectionText({ title, about, rows }: Section): string {
  const lines = ["| id | what | state | how to see it |", "| --- | --- | --- | --- |", ...rows.map(rowText)];
  return [`## ${title}`, ...(about === "" ? [] : [about]), lines.join("\n")].join("\n\n");
}

function rowText({ ids, what, state, remark, proofs }: Row): string {
  const commands = proofs.map((proof) => `\`${commandLine(proof)}\``).join("<br>");
  return `| ${idsText(ids)} | ${what} | ${remark === "" ? state : `${state}: ${remark}`} | ${commands} |`;
}

/** A run of numbers as its ends. */
function idsText(ids: readonly string[]): string {
  const numbers = ids.map((id) => Number(/-(\d+)$/.exec(id)?.[1]));
  const isRun = ids.length > 2 && numbers.every((number, i) => i === 0 || number === (numbers[i - 1] ?? 0) + 1);
  return isRun ? `${ids[0]} … ${ids.at(-1)}` : ids.join(", ");
}
