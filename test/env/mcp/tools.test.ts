import { describe, expect, test } from "vitest";
import { z } from "zod";
import { INSTRUCTIONS } from "../../../env/mcp/instructions.ts";
import { tools } from "../../../env/mcp/tools.ts";
import { sampleAction } from "../../../env/contract/sample.ts";
import { catalogue } from "../../../env/core/actions/index.ts";
import { FAULTS } from "../../../env/core/faults/index.ts";
import { rngFor } from "../../../env/core/rng.ts";
import { coreSuite } from "../../../tasks/index.ts";

const tool = (name: string) => tools.find((one) => one.name === name);

/** Names that OpenEnv keeps for its own calls. */
const RESERVED = ["reset", "step", "state", "close"];

describe("the tools", () => {
  test("are the actions in the order of the catalogue, then the briefing", () => {
    expect(tools.map(({ name }) => name)).toEqual([...catalogue.map(({ type }) => type), "get_briefing"]);
    expect(tools.map(({ name }) => name).filter((name) => RESERVED.includes(name))).toEqual([]);
  });

  test("publish what the catalogue says", () => {
    expect(tool("update_config")).toMatchInlineSnapshot(`
      {
        "annotations": {
          "destructiveHint": true,
          "readOnlyHint": false,
        },
        "description": "Set one configuration key of one service.",
        "inputSchema": {
          "additionalProperties": false,
          "properties": {
            "key": {
              "description": "A configuration key of that service, e.g. ttl_s.",
              "maxLength": 64,
              "type": "string",
            },
            "service": {
              "description": "One of the five services.",
              "enum": [
                "load_balancer",
                "web_server",
                "cache",
                "database",
                "message_queue",
              ],
              "type": "string",
            },
            "value": {
              "anyOf": [
                {
                  "type": "number",
                },
                {
                  "type": "boolean",
                },
                {
                  "maxLength": 256,
                  "type": "string",
                },
              ],
              "description": "The new value: a number, true or false, or a name, as inspect_config shows it.",
            },
          },
          "required": [
            "service",
            "key",
            "value",
          ],
          "type": "object",
        },
        "name": "update_config",
      }
    `);
    expect(tool("get_briefing")).toMatchInlineSnapshot(`
      {
        "annotations": {
          "destructiveHint": false,
          "readOnlyHint": true,
        },
        "description": "Read the page that opened the incident once more. Takes no step and no time.",
        "inputSchema": {
          "additionalProperties": false,
          "properties": {},
          "type": "object",
        },
        "name": "get_briefing",
      }
    `);
    expect(tool("resolve_incident")?.inputSchema).toMatchObject({
      properties: { fault: { enum: FAULTS } },
      required: ["service", "fault"],
    });
  });

  test("take the arguments of every valid action", () => {
    const rng = rngFor(1, "tools-test", 0);
    for (let i = 0; i < 300; i += 1) {
      const { type, ...given } = sampleAction(rng);
      const schema = z.fromJSONSchema(tool(type)?.inputSchema as z.core.JSONSchema.JSONSchema);
      expect(schema.safeParse(given).success).toBe(true);
    }
  });

  test("say which only look, and which may change the system or end the incident", () => {
    const looking = tools.filter(({ annotations }) => annotations.readOnlyHint).map(({ name }) => name);
    expect(looking).toEqual(["inspect_logs", "inspect_metrics", "check_status", "inspect_config", "get_briefing"]);
    for (const { annotations } of tools) expect(annotations.destructiveHint).toBe(!annotations.readOnlyHint);
  });

  test("and their instructions name no task and no fault", () => {
    const shown = JSON.stringify(tools) + INSTRUCTIONS;
    for (const { id } of coreSuite.tasks) expect(shown).not.toContain(id);
    for (const fault of FAULTS) expect(INSTRUCTIONS.split(/\W+/)).not.toContain(fault);
  });
});
