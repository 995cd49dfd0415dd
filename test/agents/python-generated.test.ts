import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { generatedFiles } from "../../agents/python/generate/files.ts";
import { ACTION_TYPES } from "../../env/contract/index.ts";
import { coreSuite } from "../../tasks/index.ts";
import { FIRST_EVALUATION_SEED } from "../../eval/seeds.ts";

const root = join(import.meta.dirname, "../..");
const folder = join(root, "agents/python");
const read = (name: string): string => readFileSync(join(folder, name), "utf8");

describe("generated Python is current (`npm run gen:python` writes it)", () => {
  test.for(Object.entries(generatedFiles()))("%s", ([name, source]) => {
    expect(read(name)).toBe(source);
  });

  test("each action is a method of both the typed action and the tools", () => {
    for (const name of ["models.py", "tools.py"]) {
      const methods = [...read(name).matchAll(/^ {4}def ([a-z]\w*)\(/gm)].map(([, method]) => method);
      expect(methods).toEqual(ACTION_TYPES);
    }
  });
});

describe("what Python says by hand agrees with the rest", () => {
  test("the package has the version of the repository", () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    expect(/^version = "(.+)"$/m.exec(read("pyproject.toml"))?.[1]).toBe(version);
  });

  test("training seeds end where evaluation seeds begin", () => {
    const [, seeds = ""] = /^TRAINING_SEEDS = ([\d_]+)$/m.exec(read("text_env.py")) ?? [];
    expect(Number(seeds.replaceAll("_", ""))).toBe(FIRST_EVALUATION_SEED);
  });

  test("no task is named in what an agent may import", () => {
    const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".py"));
    expect(sources.length).toBeGreaterThan(8);
    const text = sources.map(read).join("\n");
    expect(coreSuite.tasks.filter(({ id }) => text.includes(id))).toEqual([]);
  });
});
