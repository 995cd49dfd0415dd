import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { ExpertAgent } from "../../agents/expert.ts";
import { localClient } from "../../env/client/local.ts";
import { faultClasses } from "../../env/core/faults/index.ts";
import { drawNames } from "../../env/core/names.ts";
import { rngFor } from "../../env/core/rng.ts";
import { defineTask } from "../../env/core/task.ts";
import { logConditions } from "../../env/core/telemetry/logs.ts";
import { SERVICES } from "../../env/core/topology.ts";
import { systemClock } from "../../eval/clock.ts";
import { playEpisode } from "../../eval/episode.ts";
import incident from "../../tasks/examples/my-incident.ts";
import { coreSuite } from "../../tasks/index.ts";
import { loadSuite } from "../../tasks/load.ts";
import { referenceFor } from "../../tasks/reference.ts";
import { validateInstance } from "../../tasks/validate.ts";

const folder = join(import.meta.dirname, "../../tasks");
const readme = join(folder, "README.md");
const example = join(folder, "examples/my-incident.ts");
const { suite } = await loadSuite(example);
const task = defineTask(incident);

const SEEDS = Array.from({ length: 10 }, (_, seed) => seed);

/** What stands in the guide between `<!-- generated:NAME -->` and `<!-- /generated -->`. */
const generated: Readonly<Record<string, () => string>> = {
  faults: () =>
    [
      "| class | means | parameters |\n|---|---|---|",
      ...faultClasses.map(
        (fault) => `| \`${fault.class}\` | ${fault.summary} | ${listed(Object.keys(fault.params))} |`,
      ),
    ].join("\n"),
  names: () => listed(Object.keys(drawNames(0))),
  lines: () =>
    [
      "| service | lines |\n|---|---|",
      ...SERVICES.map((service) => `| \`${service}\` | ${listed(logConditions[service].map(({ code }) => code))} |`),
    ].join("\n"),
  example: () => `\`\`\`ts\n// my-incident.ts\n${readFileSync(example, "utf8").trimEnd()}\n\`\`\``,
};

const listed = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(" ");

const regenerated = (markdown: string): string =>
  markdown.replace(
    /(<!-- generated:(\w+) -->)[\s\S]*?(<!-- \/generated -->)/g,
    (_all, open: string, name: string, close: string) => `${open}\n\n${generated[name]?.()}\n\n${close}`,
  );

describe("the guide to writing an incident", () => {
  test("shows the example and the lists as they are (`npx vitest run test/tasks/guide.test.ts -u` rewrites it)", async () => {
    await expect(regenerated(readFileSync(readme, "utf8"))).toMatchFileSnapshot(readme);
  });

  test("ends in a file that works wherever it is copied to", async () => {
    const [, text] = /```ts\n([^`]*)```\n\n<!-- \/generated -->\s*$/.exec(readFileSync(readme, "utf8")) ?? [];
    const elsewhere = mkdtempSync(join(tmpdir(), "oncall-guide-"));
    onTestFinished(() => rmSync(elsewhere, { recursive: true }));
    const copy = join(elsewhere, "my-incident.ts");
    writeFileSync(copy, text ?? "");
    expect((await loadSuite(copy)).suite).toEqual(suite);
  });
});

describe("the guide's incident", () => {
  test("is the same to the loader and to defineTask", () => {
    expect(suite.tasks).toEqual([task]);
  });

  test("has two causes that no incident of the suite has behind this alert", () => {
    const others = coreSuite.tasks.filter(({ pages_on }) => pages_on === task.pages_on);
    const known = others.flatMap(({ siblings }) => siblings.map(({ faults }) => JSON.stringify(faults)));
    expect(task.siblings).toHaveLength(2);
    for (const { faults } of task.siblings) expect(known).not.toContain(JSON.stringify(faults));
  });

  test.for([0, 1])("is sound in cause %i at ten seeds", (sibling) => {
    expect(SEEDS.flatMap((seed) => validateInstance(task, seed, sibling))).toEqual([]);
  });

  test("is solved by the expert at ten seeds, and both causes come up", async () => {
    const client = localClient(suite);
    const diagnoses = new Set<string>();
    for (const seed of SEEDS) {
      const { verdict } = await playEpisode({
        client,
        agent: new ExpertAgent(),
        context: { rng: rngFor(seed, "expert", 0), reference: referenceFor(task, seed) },
        taskId: task.id,
        seed,
        clock: systemClock,
        signal: new AbortController().signal,
      });
      expect(verdict, `seed ${seed}`).toMatchObject({ success: true, clean_success: true });
      expect(verdict.score).toBeGreaterThan(0.95);
      diagnoses.add(verdict.diagnosis.accepted.join());
    }
    expect(diagnoses.size).toBe(2);
  });
});
