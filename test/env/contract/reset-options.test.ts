import { describe, expect, test } from "vitest";
import { readResetOptions, RESET_OPTIONS } from "../../../env/contract/reset-options.ts";

const requestOf = (data: unknown) => {
  const read = readResetOptions(data);
  if (!read.ok) throw new Error(read.reason);
  return read.request;
};
const reasonOf = (data: unknown) => {
  const read = readResetOptions(data);
  return read.ok ? "accepted" : read.reason;
};

describe("reset options", () => {
  test.for([undefined, null, {}, { seed: null, task_id: null, options: null }])("%j asks for nothing", (data) => {
    expect(requestOf(data)).toEqual({ text: true, choice: {}, ignored: [] });
  });

  test("every option is read, at the top or in `options`", () => {
    const given = {
      seed: 7,
      task_id: "inc-117",
      split: "train",
      index: 0,
      difficulty: "easy",
      episode_id: "run-1",
      reward_mode: "sparse",
      text: false,
    };
    expect(Object.keys(given)).toEqual(RESET_OPTIONS);
    const { seed, episode_id, text, ...choice } = given;
    expect(requestOf(given)).toEqual({ seed, episode_id, text, choice, ignored: [] });
    expect(requestOf({ options: given })).toEqual(requestOf(given));
    expect(requestOf({ ...given, options: given })).toEqual(requestOf(given));
  });

  test.for([
    [{ seed: "7" }, 'seed: expected a whole number from 0 to 9007199254740991, got "7".'],
    [{ seed: 1.5 }, "got 1.5."],
    [{ seed: -1 }, "got -1."],
    [{ seed: 2 ** 53 }, "got 9007199254740992."],
    [{ seed: true }, "got true."],
    [{ seed: [7] }, "got a list."],
    [{ task_id: 117 }, "task_id: expected the id of a task, such as inc-117, got 117."],
    [{ split: "validation" }, 'split: expected one of train, dev, test, all, got "validation".'],
    [{ index: -1 }, "index: expected a position in the split"],
    [{ difficulty: "Easy" }, 'difficulty: expected one of easy, medium, hard, got "Easy".'],
    [{ episode_id: "x".repeat(256) }, "episode_id: expected text of at most 255 printable characters"],
    [{ episode_id: "a\u0000b" }, "episode_id: expected"],
    [{ episode_id: "\ud800" }, "episode_id: expected"],
    [{ reward_mode: "dense" }, 'reward_mode: expected one of telescoped, sparse, potential, got "dense".'],
    [{ text: "false" }, 'text: expected true or false, got "false".'],
    [{ options: 5 }, "options: expected an object, got 5."],
    [{ options: [] }, "options: expected an object, got a list."],
    [[], "reset options: expected an object, got a list."],
    [{ seed: 7, options: { seed: 8 } }, "seed is given twice, as 7 and as 8; expected one value."],
  ] as const)("%j is refused with what is valid", ([data, reason]) => {
    expect(reasonOf(data)).toContain(reason);
  });

  test("the bounds themselves are accepted", () => {
    const bounds = { seed: Number.MAX_SAFE_INTEGER, index: 0, episode_id: "x".repeat(255) };
    expect(requestOf(bounds)).toMatchObject({ seed: bounds.seed, episode_id: bounds.episode_id });
    expect(Object.is(requestOf({ seed: -0 }).seed, 0)).toBe(true);
  });

  test("unknown names are ignored and listed once, and change no prototype", () => {
    const data: unknown = JSON.parse(
      '{"seeed":1,"__proto__":{"seed":5},"constructor":1,"options":{"seeed":2,"gamma":1}}',
    );
    const request = requestOf(data);
    expect(request.ignored).toEqual(["seeed", "__proto__", "constructor", "gamma"]);
    expect(request.seed).toBeUndefined();
    expect(({} as Record<string, unknown>).seed).toBeUndefined();
  });
});
