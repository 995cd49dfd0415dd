import { storedIn } from "../../torture/kill/stored.ts";
import type { Stored } from "../../torture/kill/stored.ts";
import { here } from "./here.ts";
import type { Place } from "./place.ts";

/** Plays a run that nothing disturbs: what any other has to come to. */
export async function undisturbedRun({ db, flags }: Place, play: readonly string[]): Promise<Stored> {
  const { code, error, said } = await here(["run", ...play, ...flags]);
  if (code !== 0 || error !== null) throw new Error(`Exit code ${code}:\n${said}`, { cause: error });
  return storedIn(db);
}
