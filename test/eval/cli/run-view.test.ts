import { expect, test, vi } from "vitest";
import { showLines } from "../../../eval/cli/run-view/lines.ts";
import { streamJson } from "../../../eval/cli/run-view/stream.ts";
import type { RunView } from "../../../eval/cli/run-view/view.ts";
import { readVariants } from "../../../eval/variants.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { ACTS_ON_A_TERMINAL, payloads } from "../export/payloads.ts";

/** What following a run writes when every text in it is hostile. */
function followed(view: RunView, text: string): string {
  const [task] = coreSuite.tasks;
  const [variant] = readVariants("random");
  if (task === undefined || variant === undefined) throw new Error("No task.");
  const slot = {
    slotId: "0",
    variant: { ...variant, label: text, agent: { ...variant.agent, kind: "command" as const } },
    task,
    specHash: "0",
    trial: 0,
    seed: 1,
    ordinal: 0,
  };
  let written = "";
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, "write").mockImplementation((part) => ((written += String(part)), true)),
  );
  try {
    const figures = { score: 0.5, tokens: 10, costUusd: 20, done: 1, planned: 1, stack: null };
    view.episode({ slot, outcome: "provider_error", error: text, ...figures });
    view.halt({ variants: [text], reason: text });
    view.say(text);
    return written;
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

test.each([
  ["lines", showLines],
  ["a stream", streamJson],
])("%s about a run with 300 hostile names and errors hold nothing that acts on a terminal", (_, open) => {
  for (const text of payloads(300)) expect(followed(open(), text)).not.toMatch(ACTS_ON_A_TERMINAL);
});

test("an agent's name begins no line of its own", () => {
  const lines = followed(showLines(), "good\nALL PASSED").split("\n");
  expect(lines.filter((line) => line.startsWith("ALL PASSED"))).toHaveLength(3); // error, reason and remark may
});
