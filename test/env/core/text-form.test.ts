import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ACTION_TYPES, Action } from "../../../env/core/actions/index.ts";
import { parseAction } from "../../../env/core/actions/parse.ts";
import { actionText, usage } from "../../../env/core/actions/text.ts";
import { malformedAction, sampledAction } from "./arbitraries.ts";

/** Whether a text holds characters that would move a terminal; tabs and new lines are text. */
const isControl = (text: string): boolean =>
  Array.from(text).some((char) => (char < " " && char !== "\t" && char !== "\n") || char === "\u007f");

/** Text as agents write it into reasons and summaries. */
const freeText = fc.oneof(
  fc.string({ maxLength: 60, minLength: 1 }),
  fc.string({ unit: "binary", maxLength: 30, minLength: 1 }).filter((text) => text.isWellFormed() && !isControl(text)),
  fc.constantFrom(
    "true",
    "12",
    "-3.5e2",
    '"quoted"',
    "a, b",
    "key=ttl_s",
    "f(x)",
    "back\\slash",
    " spaced ",
    "line\nbreak",
    ")",
  ),
);

describe("the text form of actions", () => {
  test("every sampled action is one that the catalogue takes", () => {
    fc.assert(
      fc.property(sampledAction, (action) => {
        expect(Action.safeParse(action).success).toBe(true);
        expect(parseAction(action)).toEqual({ ok: true, action });
      }),
    );
  });

  test("says an action so that it can be read back", () => {
    fc.assert(
      fc.property(sampledAction, (action) => {
        expect(parseAction(actionText(action))).toEqual({ ok: true, action });
      }),
      { numRuns: 300 },
    );
  });

  test("carries any text in a reason, a summary or a value", () => {
    fc.assert(
      fc.property(freeText, (text) => {
        for (const action of [
          { type: "escalate", reason: text },
          { type: "resolve_incident", service: "cache", fault: "ttl", summary: text },
          { type: "update_config", service: "web_server", key: "cache_host", value: text },
        ] as const) {
          expect(parseAction(actionText(action))).toEqual({ ok: true, action });
        }
      }),
      { numRuns: 300 },
    );
  });

  test("refuses control characters, in whichever form they come", () => {
    for (const char of ["\u0000", "\u0007", "\u001b[2J", "\r", "\u007f"]) {
      for (const action of [
        { type: "escalate", reason: `a${char}b` },
        `escalate(a${char}b)`,
        `escalate(${JSON.stringify(char)})`,
      ]) {
        expect(parseAction(action)).toMatchObject({
          ok: false,
          reason: expect.stringContaining("reason: expected text without control characters"),
        });
      }
    }
  });

  test("is canonical: reading and saying it again gives the same text", () => {
    fc.assert(
      fc.property(sampledAction, (action) => {
        const parsed = parseAction(actionText(action));
        expect(parsed.ok && actionText(parsed.action)).toBe(actionText(action));
      }),
    );
  });

  test("never throws, whatever it is asked to read", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          malformedAction,
          fc.string(),
          fc.string().map((text) => `update_config(${text})`),
        ),
        (input) => {
          const parsed = parseAction(input);
          expect(parsed.ok || parsed.reason.length > 0).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  test.for([
    ["update_config(cache, ttl_s, 300)", { type: "update_config", service: "cache", key: "ttl_s", value: 300 }],
    [" update_config( cache ,ttl_s,300 ) ", { type: "update_config", service: "cache", key: "ttl_s", value: 300 }],
    [
      "update_config(service=cache, key=ttl_s, value=300)",
      { type: "update_config", service: "cache", key: "ttl_s", value: 300 },
    ],
    [
      "update_config(database, read_only, false)",
      { type: "update_config", service: "database", key: "read_only", value: false },
    ],
    ["escalate(the network, they say, is broken)", { type: "escalate", reason: "the network, they say, is broken" }],
    ['escalate("12")', { type: "escalate", reason: "12" }],
    ["inspect_config(cache)", { type: "inspect_config", service: "cache" }],
  ] as const)("%s", ([text, action]) => {
    expect(parseAction(text)).toEqual({ ok: true, action });
  });

  test("help names the arguments in order", () => {
    expect(ACTION_TYPES.map(usage)).toEqual([
      "inspect_logs(service)",
      "inspect_metrics(service)",
      "check_status(service)",
      "inspect_config(service, key?)",
      "update_config(service, key, value)",
      "restart_service(service)",
      "resolve_incident(service, fault, summary?)",
      "escalate(reason)",
    ]);
  });
});
