import { pairsNeeded, smallestDetectable } from "../stats/power.ts";
import type { Row } from "./board.ts";
import { count } from "./numbers.ts";

/** What so many episodes can tell apart, as a sentence: a smaller difference may well be there, unseen. */
export function powerSentence(rows: readonly Pick<Row, "summary">[]): string {
  const pairs = Math.max(0, ...rows.map(({ summary }) => summary.scored));
  const smallest = smallestDetectable(pairs);
  if (smallest === null) return "Nothing was scored, so that nothing can be told apart.";
  const needed = `0.10 would need ${pairsNeeded(0.1)}.`;
  if (smallest > 1) return `${count(pairs, "pair")} of episodes can tell nothing apart; ${needed}`;
  return `${count(pairs, "pair")} of episodes find a difference of ${smallest.toFixed(2)} or more with 80 % power; ${needed}`;
}
