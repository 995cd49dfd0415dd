import { SCORED_OUTCOMES } from "../../../env/store/episode-records.ts";
import { openSqliteStore } from "../../../env/store/sqlite/results.ts";

/** How many finished episodes a database holds. */
export async function storedEpisodes(db: string): Promise<number> {
  const store = await openSqliteStore(db, { readOnly: true });
  const { length } = await store.episodes({ outcomes: [...SCORED_OUTCOMES] });
  await store.close();
  return length;
}
