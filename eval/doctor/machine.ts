import { statfsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { ENV_VERSION, SCORING_VERSION } from "../../env/core/version.ts";
import type { ResultStore } from "../../env/store/store.ts";
import { storedAnchors } from "../anchors/file.ts";
import type { Build } from "../report/build.ts";
import { checksOf } from "./check.ts";
import type { Check } from "./check.ts";

/** Room below which a long run may end with a full disk, in bytes. */
const LEAST_ROOM = 1024 ** 3;

export interface MachineRequest {
  /** Path of the database of results. */
  readonly db: string;
  /** Opens it for writing, creating or migrating it; rejects with a StoreError. */
  readonly openStore: (path: string, readOnly: boolean) => Promise<ResultStore>;
  readonly build: Build;
}

/** Looks at what runs need of this machine: a database, room, a suite and anchors that belong to this build. */
export async function checkMachine({ db, openStore, build }: MachineRequest): Promise<Check[]> {
  const { checks, ok, warn, fail } = checksOf("machine");
  ok("runtime", `Node ${process.versions.node}`);
  const problem = await problemWith(openStore, db);
  if (problem === null) ok("database", `${db} is writable, with write-ahead logging`);
  else fail("database", problem);
  const room = roomFor(db);
  if (room === null) warn("disk", "how much room there is cannot be told");
  else (room < LEAST_ROOM ? warn : ok)("disk", `${(room / 1024 ** 3).toFixed(1)} GiB free`);
  const suite = `${build.suite}, manifest ${build.manifestSha256.slice(0, 12)}`;
  if (build.frozen) ok("suite", suite);
  else warn("suite", `${suite}: not frozen, or changed since; results cannot be ranked. Try oncall suite check.`);
  const anchors = storedAnchors();
  const measured = [anchors.suite, anchors.env_version, anchors.scoring_version].join(", ");
  if (measured === [build.suite, ENV_VERSION, SCORING_VERSION].join(", ")) ok("anchors", `measured on ${measured}`);
  else
    warn("anchors", `measured on ${measured}, this is another build; npx tsx eval/anchors/main.ts measures them again`);
  return checks;
}

/** A store that cannot do write-ahead logging, or cannot be written, refuses to open. */
async function problemWith(openStore: MachineRequest["openStore"], db: string): Promise<string | null> {
  try {
    const store = await openStore(db, false);
    const { ok, detail } = await store.health();
    await store.close();
    return ok ? null : (detail ?? "it cannot be read");
  } catch (error) {
    return (error as Error).message;
  }
}

/** Bytes free where the database lies; null where the system does not say. */
function roomFor(db: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(dirname(resolve(db)));
    return bavail * bsize;
  } catch {
    return null;
  }
}
