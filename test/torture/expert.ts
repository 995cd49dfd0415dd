import { ExpertAgent } from "../../agents/expert.ts";
import { localClient } from "../../env/client/local.ts";
import { rngFor } from "../../env/core/rng.ts";
import { systemClock } from "../../eval/clock.ts";
import { playEpisode } from "../../eval/episode.ts";
import { evaluationSeed } from "../../eval/seeds.ts";
import { coreSuite } from "../../tasks/index.ts";
import { referenceFor } from "../../tasks/reference.ts";

/**
 * The upper anchor on evaluation seeds: success at least 99 % and mean score above 0.95.
 * Usage: expert.ts [trials], 20 without.
 */
const trials = Number(process.argv[2] ?? 20);
const client = localClient(coreSuite);
const { signal } = new AbortController();
const scores: number[] = [];
let successes = 0;
for (const task of coreSuite.tasks) {
  for (let trial = 0; trial < trials; trial += 1) {
    const seed = evaluationSeed({ salt: "", baseSeed: 0, taskId: task.id, specVersion: task.spec_version, trial });
    const context = { rng: rngFor(seed, "expert", 0), reference: referenceFor(task, seed) };
    const agent = new ExpertAgent();
    const { verdict } = await playEpisode({
      client,
      agent,
      context,
      taskId: task.id,
      seed,
      clock: systemClock,
      signal,
    });
    scores.push(verdict.score);
    if (verdict.success) successes += 1;
    else process.stderr.write(`${task.id} seed ${seed}: score ${verdict.score}, ${verdict.guards_failed.join(", ")}\n`);
  }
}
const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
const rate = successes / scores.length;
process.stdout.write(
  `${JSON.stringify({ bar: "expert", episodes: scores.length, success: rate, mean_score: mean })}\n`,
);
process.exitCode = rate >= 0.99 && mean > 0.95 ? 0 : 1;
