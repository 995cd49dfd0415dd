import { describe, expect, test } from "vitest";
import { RunbookAgent } from "../../agents/runbook/runbook.ts";
import { localClient } from "../../env/client/local.ts";
import { observationText } from "../../env/contract/text.ts";
import { readObservation } from "../../eval/mock-models/read-observation.ts";
import { coreSuite } from "../../tasks/index.ts";

/** Decisions of two runbooks on the same episode: one is given data, the other only text. */
async function decisions(
  taskId: string,
  seed: number,
): Promise<{ readonly byData: unknown[]; readonly byText: unknown[] }> {
  const client = localClient(coreSuite);
  const [onData, onText] = [new RunbookAgent(), new RunbookAgent()];
  for (const runbook of [onData, onText]) runbook.begin({ rng: () => 0 });
  const byData: unknown[] = [];
  const byText: unknown[] = [];
  let { observation } = await client.reset({ seed, options: { task_id: taskId } });
  for (;;) {
    const { action } = await onData.act(observation);
    byData.push(action);
    byText.push((await onText.act(readObservation(observationText(observation)))).action);
    const turn = await client.step(action);
    if (turn.terminated || turn.truncated) return { byData, byText };
    ({ observation } = turn);
  }
}

describe("an observation's text", () => {
  test.each(coreSuite.tasks.map(({ id }) => id))("holds all that the runbook decides on: %s", async (id) => {
    const { byData, byText } = await decisions(id, 1_000_001);
    expect(byText).toEqual(byData);
  });
});
