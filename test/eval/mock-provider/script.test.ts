import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { UsageError } from "../../../eval/errors.ts";
import { faults } from "../../../eval/mock-provider/faults.ts";
import { readScript, readScriptFile } from "../../../eval/mock-provider/script.ts";
import type { ScriptInput } from "../../../eval/mock-provider/script.ts";

const folder = mkdtempSync(join(tmpdir(), "oncall-script-"));
afterAll(() => rmSync(folder, { recursive: true }));

const played = (input: ScriptInput, requests: number): string[] => {
  const script = readScript(input);
  return Array.from({ length: requests }, (_, i) => {
    const step = script(i);
    return step.do === "status" ? `${step.status}` : step.do;
  });
};

describe("a script", () => {
  test.each<[ScriptInput, readonly string[]]>([
    [[], ["reply", "reply"]],
    [["status-503"], ["503", "reply", "reply"]],
    [
      ["status-503 x2", "ok", "hang*"],
      ["503", "503", "reply", "hang", "hang"],
    ],
    [
      ["ok x2", "status-503*"],
      ["reply", "reply", "503", "503"],
    ],
    [
      [{ do: "status", status: 418 }, "ok"],
      ["418", "reply"],
    ],
  ])("%j plays %j", (input, expected) => {
    expect(played(input, expected.length)).toEqual(expected);
  });

  test.each<[ScriptInput, RegExp]>([
    [["status-5O3"], /Unknown fault "status-5O3". Did you mean "status-503"\?/],
    [["ok y3"], /Unknown fault "ok y3"/],
    [["toString"], /Unknown fault "toString"/],
    [[{ do: "explode" } as never], /A step of the script is none/],
    [[{ do: "status", status: 418, colour: "red" } as never], /colour/],
  ])("%j is refused", (input, message) => {
    expect(() => readScript(input)).toThrow(message);
    expect(() => readScript(input)).toThrow(UsageError);
  });

  test("may come from a file", () => {
    const file = join(folder, "script.json");
    writeFileSync(file, '["rate-limit x2", {"do":"hang","after":"headers"}]');
    expect(played(readScriptFile(file), 4)).toEqual(["429", "429", "hang", "reply"]);
  });

  test.each([
    ["none.json", null, /none\.json cannot be read/],
    ["broken.json", "[", /broken\.json cannot be read as JSON/],
    ["object.json", "{}", /expected a list/],
  ])("in %s is refused by the file's name", (name, content, message) => {
    const file = join(folder, name);
    if (content !== null) writeFileSync(file, content);
    expect(() => readScriptFile(file)).toThrow(message);
  });

  test("can name every fault", () => {
    for (const name of Object.keys(faults)) expect(() => readScript([name, `${name} x3`, `${name}*`])).not.toThrow();
  });
});
