import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { basename, join, posix, sep } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

/**
 * What the files under a path may import besides their own layer. A longer path adds to what a shorter one allows.
 * `type:` in front allows types only; a rule that ends in ":" allows all of that kind.
 */
const rules: Readonly<Record<string, readonly string[]>> = {
  "env/core": ["zod"],
  "env/core/rng.ts": ["seedrandom"],
  "env/contract": ["env/core", "zod"],
  tasks: ["env/core"],
  "tasks/index.ts": ["node:"],
  "tasks/load.ts": ["node:", "zod"],
  "env/check-env.ts": ["env/core", "env/contract"],
  "env/vector": ["env/core", "env/contract", "env/session", "node:", "zod"],
  "env/store": ["env/core", "env/contract", "node:", "zod"],
  "env/store/sqlite": ["better-sqlite3"],
  "env/session": ["env/core", "env/contract", "node:"],
  "env/mcp": [
    "env/session",
    "env/vector",
    "type:env/store",
    "env/contract",
    "env/core",
    "node:",
    "zod",
    "@modelcontextprotocol",
  ],
  "env/server": [
    "env/mcp",
    "env/session",
    "env/vector",
    "type:env/store",
    "env/contract",
    "env/core",
    "node:",
    "zod",
    "fastify",
    "@fastify",
    "fastify-type-provider-zod",
  ],
  "env/client": ["env/contract", "type:env/core", "node:", "zod", "ws"],
  "env/client/local.ts": ["env/session", "env/vector"],
  "env/client/vector.ts": ["env/session", "env/vector"],
  agents: ["env/client", "env/contract", "node:", "zod"],
  "agents/examples": ["@modelcontextprotocol"],
  "agents/rl": ["env/vector"],
  "agents/rl/policy.ts": ["@jax-js/jax"],
  eval: ["agents", "env/client", "env/contract", "env/core", "env/store", "node:", "zod", "p-limit"],
  "eval/provider": ["openai", "p-retry"],
  "eval/cli": ["commander", "cli-table3", "cli-progress", "type:plots/data.ts", "type:env/bench"],
  "env/index.ts": ["env"],
  plots: ["env/store", "eval/stats", "vega", "vega-lite", "node:"],
};

/** Scripts that wire or measure are bound to no layer. */
const isFree = (file: string) => basename(file) === "main.ts" || /^(?:env|eval)\/bench\//.test(file);

interface Import {
  /** A path from the root, or the name of a package. */
  readonly target: string;
  readonly typeOnly: boolean;
}

const within = (path: string, target: string) => target === path || target.startsWith(`${path}/`);

/** What a file may not import and does. */
function violations(file: string, source: string): string[] {
  if (isFree(file)) return [];
  const paths = Object.keys(rules).filter((path) => within(path, file));
  const [layer] = paths.toSorted((a, b) => a.length - b.length);
  if (layer === undefined) return [`${file} belongs to no layer: move it, or give its layer a line in \`rules\``];
  const allowed = [layer, ...paths.flatMap((path) => rules[path] ?? [])];
  return importsOf(file, source)
    .filter((one) => !allowed.some((rule) => allows(rule, one)))
    .map(({ target }) => target);
}

function allows(rule: string, { target, typeOnly }: Import): boolean {
  if (rule.startsWith("type:")) return typeOnly && within(rule.slice("type:".length), target);
  return within(rule, target) || (rule.endsWith(":") && target.startsWith(rule));
}

/** Static, dynamic and type imports, and re-exports. */
function importsOf(file: string, source: string): Import[] {
  const statement = /\b(?:(?:import|export)\s+(type\s)?[^"'`;()]*?from\s*|import\s*\(?\s*)["']([^"']+)["']/g;
  return [...withoutComments(source).matchAll(statement)].map(([, type, spec = ""]) => ({
    target: spec.startsWith(".") ? posix.join(posix.dirname(file), spec) : spec,
    typeOnly: type !== undefined,
  }));
}

/** Strings come first, so that `//` inside one starts no comment. */
const stringOrComment = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;

const withoutComments = (source: string) =>
  source.replace(stringOrComment, (token) => (token.startsWith("/") ? " " : token));

/** Templates stay, because code stands in them. */
const withoutText = (source: string) =>
  withoutComments(source).replace(stringOrComment, (token) => (token.startsWith("`") ? token : '""'));

/** Every TypeScript file below a folder as a path from the root; none where the folder does not exist yet. */
function filesIn(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  const files = names.map((name) => `${folder}/${name.split(sep).join("/")}`);
  return files.filter((file) => file.endsWith(".ts") && !file.includes("node_modules/")).toSorted();
}

/** The id that stands first in an incident's definition. */
const ids = (source: string) =>
  [...withoutComments(source).matchAll(/\bdefineTask\(\s*\{\s*id:\s*"([^"]+)"/g)].map(([, id]) => id);

const read = (file: string) => readFileSync(join(root, file), "utf8");

describe("imports point one way", () => {
  for (const file of ["env", "tasks", "agents", "eval", "plots"].flatMap(filesIn)) {
    test(`${file} imports only downward`, () => {
      expect(violations(file, read(file))).toEqual([]);
    });
  }

  test.for([
    ["agents/random.ts", "../tasks/index.ts"],
    ["agents/expert.ts", "../tasks/incidents/inc-101.ts"],
    ["env/core/tick.ts", "../contract/frames.ts"],
    ["env/core/tick.ts", "node:fs"],
    ["env/core/tick.ts", "seedrandom"],
    ["env/client/http.ts", "../session/sessions.ts"],
    ["env/client/http.ts", "../core/task.ts"],
    ["env/server/app.ts", "../store/sqlite/open.ts"],
    ["env/server/app.ts", "../../tasks/index.ts"],
    ["env/store/memory.ts", "better-sqlite3"],
    ["env/session/sessions.ts", "fastify"],
    ["env/server/routes/socket.ts", "ws"],
    ["eval/run.ts", "../tasks/index.ts"],
    ["eval/run.ts", "commander"],
    ["eval/report/leaderboard.ts", "vega"],
    ["plots/score.ts", "../eval/run.ts"],
    ["env/index.ts", "../tasks/index.ts"],
  ] as const)("%s may not import %s", ([file, spec]) => {
    expect(violations(file, `import { x } from "${spec}";`)).toHaveLength(1);
  });

  test.for([
    ["env/core/rng.ts", 'import seedrandom from "seedrandom";'],
    ["env/client/http.ts", 'import type { Observation } from "../core/observation.ts";'],
    ["env/client/local.ts", 'import { Sessions } from "../session/sessions.ts";'],
    ["env/store/sqlite/open.ts", 'import Database from "better-sqlite3";'],
    ["env/server/routes/socket.ts", 'import websocket from "@fastify/websocket";'],
    ["env/server/main.ts", 'import { suite } from "../../tasks/index.ts";'],
    ["env/index.ts", 'export { createApp } from "./server/app.ts";'],
    ["eval/cli/commands/run.ts", 'import { Command } from "commander";'],
  ] as const)("%s may say %s", ([file, source]) => {
    expect(violations(file, source)).toEqual([]);
  });

  test("an import is seen in every form, and not in a comment or text", () => {
    const source = `
      import a, { type A } from "./a.ts"; // import x from "./x.ts"
      import type { B } from "./b.ts";
      export * from "./c.ts";
      import "./d.ts";
      /* import y from "./y.ts" */
      const url = "https://example.test/";
      const e = await import("./e.ts");
      import {
        f,
      } from "node:fs";
    `;
    const seen = importsOf("env/core/here.ts", source);
    expect(seen.map(({ target }) => target)).toEqual([
      ...["a", "b", "c", "d", "e"].map((name) => `env/core/${name}.ts`),
      "node:fs",
    ]);
    expect(seen.filter(({ typeOnly }) => typeOnly).map(({ target }) => target)).toEqual(["env/core/b.ts"]);
  });
});

describe("the core is pure and portable", () => {
  /** Differ between runs, Node versions or processors; the linter has the full list. */
  const unportable = /\bMath\.(?:random|pow|exp|log|sin|cos|tan)\b|\bDate\b|\bIntl\b|\blocaleCompare\b|\*\*/g;
  const found = (source: string) => withoutText(source).match(unportable) ?? [];

  for (const file of filesIn("env/core")) {
    test(`${file} uses no Node built-in`, () => {
      expect(
        importsOf(file, read(file))
          .map(({ target }) => target)
          .filter(isBuiltin),
      ).toEqual([]);
    });
  }

  for (const file of ["env/core", "tasks/incidents"].flatMap(filesIn)) {
    test(`${file} uses no clock, no chance and no maths that differ between runtimes`, () => {
      expect(found(read(file))).toEqual([]);
    });
  }

  test("the scan sees code, also in templates, and passes over comments and text", () => {
    expect(found("const x = 2 ** 3 + Math.random(); const t = `${new Date()}`;")).toEqual([
      "**",
      "Math.random",
      "Date",
    ]);
    expect(found('/** Date */ const a = "2 ** 3"; // Math.random()')).toEqual([]);
  });
});

describe("an incident's file is named by its id", () => {
  for (const file of filesIn("tasks/incidents")) {
    test(`${file} defines ${basename(file, ".ts")}`, () => {
      expect(ids(read(file))).toEqual([basename(file, ".ts")]);
    });
  }

  test("the id is the first field of the definition", () => {
    expect(ids('export default defineTask({ id: "inc-101", siblings: [{ id: "other" }] });')).toEqual(["inc-101"]);
  });
});
