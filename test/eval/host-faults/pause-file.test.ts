import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { EnvClient } from "../../../env/client/client.ts";
import { localClient } from "../../../env/client/local.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { storedIn } from "../../torture/kill/stored.ts";
import { oncall } from "./child.ts";
import { here } from "./here.ts";
import { oneModel, places, providers } from "./place.ts";

const newPlace = places();
const newProvider = providers();
const PLAY = ["--agents", "random", "--task-ids", "inc-101,inc-117"];

/** A root user may read everything, so that nothing is unreadable to it. */
const isRoot = process.getuid?.() === 0;

describe("oncall pause", () => {
  test(
    "--now, while a call hangs: nothing more is sent, exit code 4; unpause and resume go on",
    { timeout: 120_000 },
    async () => {
      const provider = await newProvider({ script: ["hang"] });
      const place = newPlace(oneModel(provider.baseUrl()));
      const play = ["--agents", "tools:model", "--task-ids", "inc-117"];
      const sitting = oncall(["run", ...play, ...place.flags]);
      await sitting.until(() => provider.journal.entries.length > 0);
      expect(await here(["pause", "--now", "--pause-file", place.pauseFile])).toMatchObject({ code: 0, error: null });
      const began = performance.now();
      expect(await sitting.ended).toMatchObject({ code: 4, stderr: expect.stringContaining(place.pauseFile) });
      expect(performance.now() - began).toBeLessThan(10_000);
      expect(await storedIn(place.db)).toMatchObject({ status: "paused", episodes: [{ outcome: "cancelled" }] });
      expect(provider.journal.entries).toHaveLength(1);

      expect((await here(["resume", ...place.flags])).code).toBe(4);
      expect(provider.journal.entries).toHaveLength(1);
      await here(["unpause", "--pause-file", place.pauseFile]);
      expect(await here(["resume", ...place.flags])).toMatchObject({ code: 0, error: null });
      expect(await storedIn(place.db)).toMatchObject({
        status: "complete",
        calls: { ok: expect.any(Number), failed: 1 },
      });
    },
  );

  test("takes the folder that the file goes to as given, and makes it", async () => {
    const { folder } = newPlace();
    const file = join(folder, "a", "b", "pause.flag");
    await here(["pause", "--pause-file", file]);
    expect(readFileSync(file, "utf8")).toBe("");
    await here(["pause", "--now", "--pause-file", file]);
    expect(readFileSync(file, "utf8").trim()).toBe("now");
    await here(["pause", "--pause-file", file]); // less urgent is what was asked for last
    expect(readFileSync(file, "utf8")).toBe("");
    expect(await here(["unpause", "--pause-file", file])).toMatchObject({ code: 0, error: null });
    expect(existsSync(file)).toBe(false);
    expect(await here(["unpause", "--pause-file", file])).toMatchObject({ code: 0, error: null });
  });

  test.for([["pause"], ["pause", "--now"], ["unpause"]])(
    "%j refuses a folder in the file's place with a sentence",
    async (command) => {
      const { pauseFile } = newPlace();
      mkdirSync(pauseFile);
      const { error } = await here([...command, "--pause-file", pauseFile]);
      expect(error).toMatchObject({ name: "UsageError", message: expect.stringContaining(pauseFile) });
      expect(existsSync(pauseFile)).toBe(true);
    },
  );
});

describe("a pause file that is there before the start", () => {
  test.for([
    ["empty", (file: string) => writeFileSync(file, "")],
    ["saying now", (file: string) => writeFileSync(file, " now \n")],
    ["saying something else", (file: string) => writeFileSync(file, "back at two\n".repeat(10_000))],
    ["as a folder", (file: string) => mkdirSync(file)],
  ] as const)("%s: nothing is played, and it is said why", async ([, make]) => {
    const place = newPlace();
    make(place.pauseFile);
    const { code, said } = await here(["run", ...PLAY, ...place.flags]);
    expect(code).toBe(4);
    expect(said).toContain(`by the pause file ${place.pauseFile}`);
    expect(await storedIn(place.db)).toMatchObject({ status: "paused", episodes: [] });

    rmSync(place.pauseFile, { recursive: true });
    expect(await here(["resume", ...place.flags])).toMatchObject({ code: 0, error: null });
    expect((await storedIn(place.db)).episodes).toHaveLength(2);
  });

  test.skipIf(isRoot)("unreadable: nothing is played, since somebody put it there", async () => {
    const place = newPlace();
    writeFileSync(place.pauseFile, "");
    chmodSync(place.pauseFile, 0);
    expect((await here(["run", ...PLAY, ...place.flags])).code).toBe(4);
  });

  test("in a folder that is none pauses too: the path cannot be looked at, and is not taken for absent", async () => {
    const place = newPlace();
    writeFileSync(place.pauseFile, "");
    const within = join(place.pauseFile, "pause.flag");
    expect((await here(["run", ...PLAY, ...place.flags, "--pause-file", within])).code).toBe(4);
  });

  test("is not looked at with --no-pause-file, whatever the environment says", async () => {
    const place = newPlace();
    writeFileSync(place.pauseFile, "");
    process.env["ONCALL_PAUSE_FILE"] = place.pauseFile;
    const { db, config } = place;
    const done = await here(["run", ...PLAY, "--db", db, "--config", config, "--no-pause-file"]);
    expect(done).toMatchObject({ code: 0, error: null });
    expect((await here(["run", ...PLAY, "--db", db, "--config", config])).code).toBe(4);
  });
  afterEach(() => {
    delete process.env["ONCALL_PAUSE_FILE"];
  });
});

test("a pause file that comes while an episode is played leaves it whole", async () => {
  const place = newPlace();
  let resets = 0;
  const { code } = await here(["run", "--agents", "random", "--trials", "3", "--concurrency", "1", ...place.flags], {
    connectLocal: async () => {
      const client = localClient(coreSuite);
      const reset: EnvClient["reset"] = (request) => {
        resets += 1;
        if (resets === 3) writeFileSync(place.pauseFile, "");
        return client.reset(request);
      };
      return {
        reset,
        step: (action) => client.step(action),
        state: () => client.state(),
        close: () => client.close(),
      };
    },
  });
  expect(code).toBe(4);
  const { episodes } = await storedIn(place.db);
  expect(episodes.map(({ scored }) => scored)).toEqual([true, true, true]);
});
