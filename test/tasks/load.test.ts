import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { Session } from "../../env/session/session.ts";
import { specHash } from "../../eval/specs.ts";
import { coreSuite } from "../../tasks/index.ts";
import { readDefinition } from "../../tasks/load-definition.ts";
import { loadSuite } from "../../tasks/load.ts";

const example = join(import.meta.dirname, "../../tasks/examples/my-incident.ts");
const [definition] = (await loadSuite(example)).suite.tasks;

/** A copy of the guide's incident under another id, to be spoilt. */
// oxlint-disable-next-line typescript/no-explicit-any -- tests write any nonsense into it
const incident = (id: string): any => ({ ...structuredClone(definition), id });

/** A folder of its own for one test, with these files; removed when the test ends. */
async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const outer = await mkdtemp(join(tmpdir(), "oncall-suite-"));
  onTestFinished(() => rm(outer, { recursive: true }));
  const folder = join(outer, "My Incidents");
  await mkdir(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

const asFile = (value: unknown): string => `export default ${JSON.stringify(value)};\n`;

/** What a loader says when it refuses. */
const refusal = async (loading: Promise<unknown>): Promise<string> =>
  loading.then(
    () => "loaded",
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe("a folder of incident files", () => {
  test("is a suite, named by the folder and its content, with everything for training", async () => {
    const folder = await folderOf({ "b-two.js": asFile(incident("b-two")), "a-one.ts": asFile(incident("a-one")) });
    const { suite, document } = await loadSuite(folder);
    expect(suite.tasks.map(({ id }) => id)).toEqual(["a-one", "b-two"]);
    expect(suite).toMatchObject({ name: "my-incidents", splits: { train: ["a-one", "b-two"], dev: [], test: [] } });
    expect(suite.version).toMatch(/^0\.0\.0-[0-9a-f]{12}$/);
    expect(document).toBeNull();
    expect(new Session(suite).reset({ seed: 1, difficulty: "medium" }).info.split).toBe("train");
  });

  test("has another version as soon as an incident changes", async () => {
    const versions = [0.01, 0.02].map(async (load_jitter) => {
      const folder = await folderOf({ "one.ts": asFile({ ...incident("one"), load_jitter }) });
      return (await loadSuite(folder)).suite.version;
    });
    expect(new Set(await Promise.all(versions)).size).toBe(2);
  });

  test("takes name, version and splits from suite.json", async () => {
    const header = { name: "acme", version: "2.1.0", splits: { train: ["one"], test: ["two"] } };
    const files = { "one.ts": asFile(incident("one")), "two.ts": asFile(incident("two")) };
    const { suite } = await loadSuite(await folderOf({ ...files, "suite.json": JSON.stringify(header) }));
    expect(suite).toMatchObject({ name: "acme", version: "2.1.0", splits: { train: ["one"], dev: [], test: ["two"] } });
  });

  test("is refused with everything that must change, file by file", async () => {
    const folder = await folderOf({
      "broken.ts": "export default {",
      "empty.ts": "export const incident = 1;",
      "named.ts": asFile(incident("other")),
      "late.ts": asFile({ ...incident("late"), difficulty: "hard" }),
    });
    const said = await refusal(loadSuite(folder));
    expect(said).toMatch(/^SuiteError: .*My Incidents:\n/);
    expect(said).toContain("broken.ts: it does not run: ");
    expect(said).toContain("empty.ts: it has no default export. Write: export default { id: … }.");
    expect(said).toContain('named.ts: id: expected "named", as the file is named; got "other".');
    expect(said).toContain('late.ts: difficulty: the rubric adds up to 6, which is medium; got "hard".');
  });

  test("that uses defineTask is told the same", async () => {
    const core = join(import.meta.dirname, "../../env/core/task.ts");
    const wrong = JSON.stringify({ ...incident("one"), difficulty: "esy" });
    const text = `import { defineTask } from ${JSON.stringify(core)};\nexport default defineTask(${wrong} as any);\n`;
    expect(await refusal(loadSuite(await folderOf({ "one.ts": text })))).toContain(
      'one.ts: difficulty: expected "easy", "medium", "hard".',
    );
  });

  test("without incidents, or that is not there, says what was expected", async () => {
    expect(await refusal(loadSuite(await folderOf({})))).toContain(
      "expected incident files (.ts or .js); there is none",
    );
    expect(await refusal(loadSuite("no/such/place"))).toContain("there is no such file or folder. Expected a folder");
    expect(await refusal(loadSuite("core@0.0.1"))).toContain("or a frozen suite");
  });
});

/** A file of its own for one test that holds this as JSON. */
const jsonOf = async (value: unknown): Promise<string> => {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return join(await folderOf({ "suite.json": text }), "suite.json");
};

const suiteOf = (tasks: readonly unknown[], more: object = {}): object => ({
  name: "acme",
  version: "1.0.0",
  tasks,
  ...more,
});

describe("a JSON file", () => {
  test("gives the same tasks as the files it was made of", async () => {
    const { suite } = await loadSuite(await jsonOf(suiteOf(coreSuite.tasks, { splits: coreSuite.splits })));
    expect(suite.tasks.map(specHash)).toEqual(coreSuite.tasks.map(specHash));
    expect(suite.splits).toEqual(coreSuite.splits);
  });

  test("may hold one incident alone", async () => {
    const { suite } = await loadSuite(await jsonOf(incident("alone")));
    expect(suite.tasks.map(({ id }) => id)).toEqual(["alone"]);
  });

  const one = incident("one");

  test.for<[what: string, value: unknown, expected: RegExp]>([
    ["no JSON", "{", /it is not JSON: /],
    ["a list", [], /the definition: expected an object; got \[\]\./],
    ["empty", suiteOf([]), /tasks: expected at least 1 entry; got \[\]\./],
    ["of version one", suiteOf([one], { version: "one" }), /version: expected text like .*; got "one"\./],
    ["of unknown field", suiteOf([one], { split: {} }), /unknown field "split"\. Did you mean "splits"\?/],
    ["of one id twice", suiteOf([one, one]), /tasks\[1\]: id "one" is taken by tasks\[0\]\. Give it another\./],
    ["of no incident", suiteOf(["one"]), /tasks\[0\]: the definition: expected an object; got "one"\./],
    [
      "of a split with an unknown task",
      suiteOf([one], { splits: { train: ["onw"] } }),
      /splits\.train: there is no task "onw"\. Did you mean "one"\?/,
    ],
    [
      "of overlapping splits",
      suiteOf([one], { splits: { train: ["one"], dev: ["one"] } }),
      /splits\.dev: task "one" stands in train already\. Leave it in one\./,
    ],
    [
      "of splits with a gap",
      suiteOf([one], { splits: { train: [] } }),
      /splits: one in no split\. Add to train, dev or test\./,
    ],
  ])("%s is refused", async ([, value, expected]) => {
    expect(await refusal(loadSuite(await jsonOf(value)))).toMatch(expected);
  });

  test("longer than the limit is refused unread", async () => {
    const file = await jsonOf(suiteOf([incident("a")]));
    expect(await refusal(loadSuite(file, { bytes: 512, ms: 1000 }))).toContain("it is longer than");
  });
});

describe("a wrong field is told with what to change", () => {
  // oxlint-disable-next-line typescript/no-explicit-any -- tests write any nonsense into it
  type Spoil = (task: any) => unknown;
  const [database, queue] = [0, 1];

  test.for<[expected: string, spoil: Spoil]>([
    [
      'difficulty: expected "easy", "medium", "hard"; got "meduim". Did you mean "medium"?',
      (t) => (t.difficulty = "meduim"),
    ],
    ["pages_on: is missing; expected ", (t) => delete t.pages_on],
    ["load_jitter: expected at most 0.1; got 3.", (t) => (t.load_jitter = 3)],
    ["rubric[3]: expected 0 or 2; got 1.", (t) => (t.rubric[3] = 1)],
    ["id: expected text like /^[a-z0-9]", (t) => (t.id = "My Incident")],
    ['the definition: unknown field "sibling". Did you mean "siblings"?', (t) => (t.sibling = [])],
    ['siblings[0]: unknown field "acepted". Did you mean "accepted"?', (t) => (t.siblings[database].acepted = [])],
    [
      'siblings[0].load: expected a number or an object with one_of or between; got "1.2".',
      (t) => (t.siblings[0].load = "1.2"),
    ],
    [
      'siblings[0].load: unknown field "betwen". Did you mean "between"?',
      (t) => (t.siblings[0].load = { betwen: [1, 2] }),
    ],
    [
      'siblings[0].faults[0].class: expected one of 23 names; got "rooting". Did you mean "routing"?',
      (t) => (t.siblings[0].faults[0].class = "rooting"),
    ],
    [
      'siblings[0].answer.escalate: expected "payment", "network", "mail", "cdn"; got "netwrk". Did you mean "network"?',
      (t) => (t.siblings[0].answer = { escalate: "netwrk" }),
    ],
    [
      'siblings[1].fixes[0][0]: unknown field "valu". Did you mean "value"?',
      (t) => (t.siblings[queue].fixes[0][0] = { type: "update_config", service: "cache", key: "ttl_s", valu: 3 }),
    ],
    [
      'siblings[0].distractors[0][0].type: expected "restart_service"; got "restart_servce".',
      (t) => (t.siblings[0].distractors[0][0].type = "restart_servce"),
    ],
    [
      'siblings[0].needed[1].key: database has no key "read_replica". ',
      (t) => (t.siblings[0].needed[1].key = "read_replica"),
    ],
    [
      'siblings[0].needed[0].rows[0]: database has no metrics row "slot_use_ratio{replic}". Did you mean "slot_use_ratio{replica}"?',
      (t) => (t.siblings[0].needed[0].rows = ["slot_use_ratio{replic}"]),
    ],
    [
      'siblings[1].needed[1].line: message_queue has no log line "producer_rat". Did you mean "producer_rate"?',
      (t) => (t.siblings[1].needed[1].line = "producer_rat"),
    ],
    [
      "siblings[1].fixes[0][0].value: expected a number from 0 to 5000; got 5001.",
      (t) => (t.siblings[1].fixes[0][0].value = 5001),
    ],
    [
      "siblings[0].standing[0].value.between[1]: expected a number from 1 to 400; got 500.",
      (t) => (t.siblings[0].standing[0].value = { between: [300, 500] }),
    ],
    ["siblings[0].accepted[0].is[0]: expected true or false; got 1.", (t) => (t.siblings[0].accepted[0].is = [1])],
    [
      'siblings[0].distractors[0][0].value: the seed draws no name <release.previus>. Did you mean "release.previous"?',
      (t) =>
        (t.siblings[0].distractors[0][0] = {
          type: "update_config",
          service: "web_server",
          key: "app_version",
          value: "<release.previus>",
        }),
    ],
  ])("%s", ([expected, spoil]) => {
    const task = incident("my-incident");
    spoil(task);
    const read = readDefinition(task);
    expect("problems" in read ? read.problems : []).toHaveLength(1);
    expect("problems" in read && read.problems[0]).toContain(expected);
  });

  test("every shipped incident passes", () => {
    const problems = coreSuite.tasks.flatMap((task) => {
      const read = readDefinition(task);
      return "problems" in read ? read.problems.map((problem) => `${task.id}: ${problem}`) : [];
    });
    expect(problems).toEqual([]);
  });
});

/** A server of its own for one test; the address of its root. */
async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("an address", () => {
  const limits = { bytes: 64 * 1024, ms: 300 };
  const suiteText = JSON.stringify({ name: "acme", version: "1.0.0", tasks: [incident("far")] });

  test("on this machine gives its suite", async () => {
    const url = await serving((_request, response) => void response.end(suiteText));
    const { suite, document } = await loadSuite(`${url}/suite.json`, { ...limits, ms: 5000 });
    expect(suite).toMatchObject({ name: "acme", splits: { train: ["far"] } });
    expect(document).toEqual(JSON.parse(suiteText));
  });

  test.for<[what: string, listener: RequestListener, expected: RegExp]>([
    [
      "redirects",
      (_q, r) => void r.writeHead(302, { location: "http://127.0.0.1/x" }).end(),
      /redirects to http:\/\/127\.0\.0\.1\/x\. Give the final address/,
    ],
    ["fails", (_q, r) => void r.writeHead(500).end(suiteText), /expected status 200, got 500/],
    ["is not JSON", (_q, r) => void r.end("<html>"), /it is not JSON/],
    ["is too long", (_q, r) => void r.end(" ".repeat(limits.bytes + 1)), /it is longer than 0\.0625 MiB/],
    ["never answers", () => {}, /no complete answer within 0\.3 s/],
    ["never ends", (_q, r) => void r.write("{"), /no complete answer within 0\.3 s/],
    [
      "breaks off",
      (_q, r) => void r.writeHead(200, { "content-length": "10" }).write("{", () => r.destroy()),
      /it cannot be reached/,
    ],
    ["has a wrong field", (_q, r) => void r.end('{"name":"acme","tasks":[]}'), /version: is missing/],
  ])("that %s is refused, and what may be secret in it is not repeated", async ([, listener, expected]) => {
    const url = await serving(listener);
    const said = await refusal(loadSuite(`${url}/suite.json?token=secret`, limits));
    expect(said).toMatch(expected);
    expect(said).toContain(`SuiteError: ${url}/suite.json:`);
    expect(said).not.toContain("secret");
  });

  test.for([
    ["http://example.test/suite.json", /expected https; http is for this machine only/],
    ["ftp://example.test/suite.json", /expected https, got ftp/],
    ["https://name:secret@example.test/suite.json", /must not hold a name or password/],
    ["https://", /this does not parse/],
  ] as const)("%s is refused unasked", async ([address, expected]) => {
    const said = await refusal(loadSuite(address, limits));
    expect(said).toMatch(expected);
    expect(said).not.toContain("secret");
  });
});
