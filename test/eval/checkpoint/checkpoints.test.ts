import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openMemoryBackend } from "../../../env/store/memory.ts";
import { episodeId } from "../../../env/store/identity.ts";
import { openCheckpoints } from "../../../eval/checkpoint/checkpoints.ts";
import type { EpisodeEvent } from "../../../eval/run.ts";
import { repairCheckpoints } from "../../../eval/checkpoint/repair.ts";
import { aPlan, finished, planned, started } from "../../env/store/fixtures.ts";
import { playInto } from "../verify/played.ts";
import { episodeFiles, newFolder, playedWith, RUN, textIn } from "./played.ts";

let place: ReturnType<typeof newFolder>;
let folder: string;
beforeEach(() => {
  place = newFolder();
  folder = place.folder;
});
afterEach(() => place.remove());

const json = (name: string) => JSON.parse(textIn(folder, name)) as Record<string, unknown>;
const little = { agents: "random,expert", taskIds: ["inc-107", "inc-117"] };

describe("checkpoints of a run", () => {
  test("are a file for the run and one for each attempt, for their owner alone", async () => {
    await playedWith(folder, little);
    expect(episodeFiles(folder)).toEqual([
      "inc-107.0.expert.1.json",
      "inc-107.0.random.1.json",
      "inc-117.0.expert.1.json",
      "inc-117.0.random.1.json",
    ]);
    expect(json("run.json")).toMatchObject({
      format: "oncall-gym/run@1",
      counts: { scored: 4 },
      run: { run_id: RUN, status: "complete", versions: { env: "1.0.0" } },
    });
    expect(json("episodes/inc-117.0.expert.1.json")).toMatchObject({
      format: "oncall-gym/episode@1",
      run_id: RUN,
      agent: "expert",
      episode: { outcome: "success", attempt: 1 },
    });
    const modes = [folder, join(folder, "episodes"), join(folder, "run.json")].map((path) => lstatSync(path).mode);
    expect(modes.map((mode) => (mode & 0o777).toString(8))).toEqual(["700", "700", "600"]);
    expect(readdirSync(folder)).toEqual(["episodes", "run.json"]);
  });

  test("do not say which process played", async () => {
    await playedWith(folder, little);
    expect(textIn(folder, "run.json")).not.toMatch(/owner|heartbeat/);
  });

  test("follow the run: while it is played it has its plan and the episodes that have ended", async () => {
    const { results: store } = openMemoryBackend();
    const [first = ""] = await planned(store, RUN, aPlan(["a"], ["inc-1", "inc-2"]));
    const checkpoints = openCheckpoints(folder, { store });
    await store.startRun(RUN, 5);
    await checkpoints.runStarted(RUN);
    expect(json("run.json")).toMatchObject({ run: { status: "running" }, counts: { pending: 2 } });
    const id = await started(store, first);
    await store.commitEpisode(finished(id, { outcome: "provider_error", score: null }));
    await checkpoints.episodeEnded(RUN, id);
    await store.reopenSlot(first);
    const again = await started(store, first);
    await store.commitEpisode(finished(again));
    await checkpoints.episodeEnded(RUN, again);
    expect(episodeFiles(folder)).toEqual(["inc-1.0.a.1.json", "inc-1.0.a.2.json"]);
    expect(json("episodes/inc-1.0.a.2.json")).toMatchObject({ episode: { episode_id: episodeId(first, 2) } });
  });

  test("know slots that were planned after the start", async () => {
    const { results: store } = openMemoryBackend();
    await planned(store, RUN, aPlan(["a"], ["inc-1"]));
    const checkpoints = openCheckpoints(folder, { store });
    await checkpoints.runStarted(RUN);
    const later = aPlan(["b"], ["inc-1"]);
    await store.plan(RUN, later);
    const slot = (await store.slots(RUN)).find(({ variantId }) => variantId === later.slots[0]?.variantId);
    const id = await started(store, slot?.slotId ?? "");
    await store.commitEpisode(finished(id));
    await checkpoints.episodeEnded(RUN, id);
    expect(episodeFiles(folder)).toEqual(["inc-1.0.b.1.json"]);
    expect(json("run.json")["slots"]).toHaveLength(2);
  });

  test("keep two agents apart whose names no file can have", async () => {
    const { results: store } = openMemoryBackend();
    const slots = await planned(store, RUN, aPlan(["tools:m/1", "tools:m:1"], ["inc-1"]));
    const checkpoints = openCheckpoints(folder, { store });
    for (const slot of slots) {
      const id = await started(store, slot);
      await store.commitEpisode(finished(id));
      await checkpoints.episodeEnded(RUN, id);
    }
    expect(episodeFiles(folder)).toHaveLength(2);
    expect(new Set(episodeFiles(folder).map((name) => json(`episodes/${name}`)["agent"]))).toEqual(
      new Set(["tools:m/1", "tools:m:1"]),
    );
  });

  test("go to disk step by step: written, synced, renamed, folder synced", async () => {
    const backend = openMemoryBackend();
    const points: string[] = [];
    const seen = (point: string) => points.push(`${point} ${existsSync(join(folder, "run.json"))}`);
    const checkpoints = openCheckpoints(folder, { store: backend.results, durable: seen });
    await planned(backend.results, RUN, aPlan(["a"], ["inc-1"]));
    await checkpoints.runStarted(RUN);
    expect(points).toEqual([
      "checkpoint:write false",
      "checkpoint:fsync false",
      "checkpoint:rename false",
      "checkpoint:folder true",
    ]);
  });
});

describe("a disk that refuses", () => {
  test("at any step loses no result, is told once, and leaves nothing half-written", async () => {
    for (const step of ["write", "fsync", "rename", "folder"]) {
      const backend = openMemoryBackend();
      const problems: string[] = [];
      const checkpoints = openCheckpoints(folder, {
        store: backend.results,
        durable: (point) => {
          if (point === `checkpoint:${step}`) throw Object.assign(new Error("ENOSPC: no space"), { code: "ENOSPC" });
        },
        onProblem: (message) => problems.push(message),
      });
      await playInto(backend, { ...little, deps: { checkpoints } });
      expect(await backend.results.episodes({ runIds: [RUN], outcomes: ["success", "failure"] })).toHaveLength(4);
      expect(problems).toEqual([expect.stringContaining("ENOSPC: no space. Results are in the database")]);
      const left = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
      expect(left.filter((name) => name.endsWith(".tmp"))).toEqual([]);
    }
  });

  test("for a while has everything in the end", async () => {
    const backend = openMemoryBackend();
    let isFull = true;
    const problems: string[] = [];
    const checkpoints = openCheckpoints(folder, {
      store: backend.results,
      durable: () => {
        if (isFull) throw new Error("ENOSPC");
      },
      onProblem: (message) => problems.push(message),
    });
    const onEpisode = (event: EpisodeEvent): void => {
      if (event.done === event.planned) isFull = false;
    };
    await playInto(backend, { ...little, deps: { checkpoints, onEpisode } });
    expect(problems).toHaveLength(1);
    expect(episodeFiles(folder)).toHaveLength(4);
    expect(await repairCheckpoints(folder, RUN, backend.results)).toBe(0);
  });
});

describe("a link", () => {
  test.each([["the folder"], ["the folder of the episodes"]])("in place of %s is not followed", async (what) => {
    const elsewhere = newFolder();
    mkdirSync(elsewhere.folder, { recursive: true });
    if (what === "the folder") symlinkSync(elsewhere.folder, folder);
    else {
      mkdirSync(folder, { recursive: true });
      symlinkSync(elsewhere.folder, join(folder, "episodes"));
    }
    const problems: string[] = [];
    const backend = openMemoryBackend();
    const checkpoints = openCheckpoints(folder, { store: backend.results, onProblem: (text) => problems.push(text) });
    await playInto(backend, { ...little, deps: { checkpoints } });
    expect(problems).toEqual([expect.stringContaining("is no folder")]);
    expect(readdirSync(elsewhere.folder)).toEqual([]);
    elsewhere.remove();
  });

  test("in place of a file is replaced, and what it led to stays", async () => {
    mkdirSync(folder, { recursive: true });
    const precious = join(folder, "..", "precious");
    writeFileSync(precious, "precious");
    symlinkSync(precious, join(folder, "run.json"));
    await playedWith(folder, little);
    expect(textIn(folder, "../precious")).toBe("precious");
    expect(lstatSync(join(folder, "run.json")).isSymbolicLink()).toBe(false);
  });
});

describe("repair", () => {
  const name = "episodes/inc-117.0.expert.1.json";

  test("writes nothing where everything is there", async () => {
    const store = await playedWith(folder, little);
    expect(await repairCheckpoints(folder, RUN, store)).toBe(0);
  });

  test("writes everything where nothing is there", async () => {
    const store = await playedWith(folder, little);
    const before = [textIn(folder, "run.json"), textIn(folder, name)];
    rmSync(folder, { recursive: true });
    expect(await repairCheckpoints(folder, RUN, store)).toBe(5);
    expect([textIn(folder, "run.json"), textIn(folder, name)]).toEqual(before);
  });

  test.each<[string, (text: string) => string]>([
    ["empty", () => ""],
    ["cut off", (text) => text.slice(0, text.length / 2)],
    ["another run's", (text) => text.replaceAll(RUN, "20261120-120000-0002")],
    ["of an unknown version", (text) => text.replace(/@1"/, '@2"')],
    [
      "of another content",
      (text) => text.replace(/"started_at":\d+/, '"started_at":1').replace(/"created_at":\d+/, ""),
    ],
    ["with a field too many", (text) => text.replace("{", '{"extra":1,')],
  ])("writes files that are %s anew", async (_, spoilt) => {
    const store = await playedWith(folder, little);
    const before = [textIn(folder, "run.json"), textIn(folder, name)];
    for (const file of ["run.json", name]) writeFileSync(join(folder, file), spoilt(textIn(folder, file)));
    expect(await repairCheckpoints(folder, RUN, store)).toBe(2);
    expect([textIn(folder, "run.json"), textIn(folder, name)]).toEqual(before);
  });

  test("writes attempts that ended with their process, and removes what one left unfinished", async () => {
    const { results: store } = openMemoryBackend();
    const [slot = ""] = await planned(store, RUN, aPlan(["a"], ["inc-1"]));
    await started(store, slot);
    mkdirSync(join(folder, "episodes"), { recursive: true });
    const unfinished = [".run.json.12345678.tmp", "episodes/.inc-1.0.a.1.json.12345678.tmp"];
    for (const file of unfinished) writeFileSync(join(folder, file), "{");
    expect(await repairCheckpoints(folder, RUN, store)).toBe(1);
    await store.recoverRun(RUN, 9);
    expect(await repairCheckpoints(folder, RUN, store)).toBe(1);
    expect(json("episodes/inc-1.0.a.1.json")).toMatchObject({ episode: { outcome: "abandoned" } });
    expect(unfinished.filter((file) => existsSync(join(folder, file)))).toEqual([]);
  });

  test.skipIf(process.getuid?.() === 0)("says so when the folder cannot be written", async () => {
    const store = await playedWith(folder, little);
    rmSync(join(folder, "run.json"));
    chmodSync(folder, 0o500);
    await expect(repairCheckpoints(folder, RUN, store)).rejects.toThrow("EACCES");
    chmodSync(folder, 0o700);
  });
});
