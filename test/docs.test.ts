import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { episodePicture, generatedDocs } from "./generated-docs.ts";

const root = join(import.meta.dirname, "..");

/** The pages that people read; results below notes/runs are not among them. */
function pages(): string[] {
  const notes = existsSync(join(root, "notes"))
    ? readdirSync(join(root, "notes"), { recursive: true, encoding: "utf8" })
    : [];
  const below = notes.map((name) => join("notes", name));
  return ["README.md", "CONTRIBUTING.md", ...below].filter(
    (file) => file.endsWith(".md") && !file.startsWith(join("notes", "runs")) && existsSync(join(root, file)),
  );
}

/** Targets of links and images that point into the repository. Code is no prose: links in it are examples. */
function relativeLinks(markdown: string): string[] {
  const prose = markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, "").replace(/`[^`\n]*`/g, "");
  const link = /\]\(<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]:\s*<?([^\s>]+)/gm;
  const targets = [...prose.matchAll(link)].map(([, inline, reference = ""]) => inline ?? reference);
  return targets.filter((target) => !/^(?:[a-z][a-z+.-]*:|#|\/\/)/i.test(target));
}

const BLOCK = /(<!-- generated:([\w-]+) -->)[\s\S]*?(<!-- \/generated -->)/g;

/** The page with every generated part written anew. */
async function regenerated(markdown: string): Promise<string> {
  const written = new Map<string, string>();
  for (const [, , name = ""] of markdown.matchAll(BLOCK)) written.set(name, await generate(name));
  return markdown.replace(BLOCK, (_all, open: string, name: string, close: string) => {
    return `${open}\n\n${written.get(name)}\n\n${close}`;
  });
}

function generate(name: string): string | Promise<string> {
  const write = Object.hasOwn(generatedDocs, name) ? generatedDocs[name] : undefined;
  if (write !== undefined) return write();
  throw new RangeError(`No generated table "${name}". There are: ${Object.keys(generatedDocs).join(", ")}.`);
}

describe("links lead somewhere", () => {
  test.for(pages())("%s", (page) => {
    const targets = relativeLinks(readFileSync(join(root, page), "utf8"));
    const broken = targets.filter((target) => {
      const path = decodeURIComponent(target.replace(/[#?].*$/, ""));
      return !existsSync(join(root, dirname(page), path));
    });
    expect(broken).toEqual([]);
  });

  test("a link is found in prose and not in code", () => {
    const page =
      "[a](a.md#part) ![b](<b.svg>) [c](https://example.test) [d](#d) `[e](e.md)`\n```\n[f](f.md)\n```\n[g]: g.md\n";
    expect(relativeLinks(page)).toEqual(["a.md#part", "b.svg", "g.md"]);
  });
});

describe("generated tables are current", () => {
  const generated = pages().filter((page) => readFileSync(join(root, page), "utf8").includes("<!-- generated:"));

  test.for(generated)("%s (`npm run docs` rewrites it)", async (page) => {
    const file = join(root, page);
    await expect(await regenerated(readFileSync(file, "utf8"))).toMatchFileSnapshot(file);
  });

  test("the picture of an episode", async () => {
    await expect(await episodePicture()).toMatchFileSnapshot(join(root, "notes", "pictures", "episode.svg"));
  });

  test("a stale table is written anew, and nothing else", async () => {
    const page = "before\n<!-- generated:actions -->\nold\n<!-- /generated -->\nafter\n";
    const fresh = await regenerated(page);
    expect(fresh).toContain("| `update_config(service, key, value)` | remediate | 4 |");
    expect(fresh).toContain("| `inspect_config(service, key?)` | observe | 1 |");
    expect(fresh).toMatch(/^before\n<!-- generated:actions -->\n[^]*<!-- \/generated -->\nafter\n$/);
    expect(fresh).not.toContain("old");
    expect(await regenerated(fresh)).toBe(fresh);
  });

  test("an unknown name is refused with the known ones", async () => {
    const page = "<!-- generated:nonsense --><!-- /generated -->";
    await expect(regenerated(page)).rejects.toThrow("There are: actions");
  });
});
