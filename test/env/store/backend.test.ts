import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openBackend } from "../../../env/store/backend.ts";
import { STORE_ERRORS } from "../../../env/store/errors.ts";
import { anOwner, aPlan, held, planned } from "./fixtures.ts";

const folder = mkdtempSync(join(tmpdir(), "oncall-backend-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("a backend", () => {
  test("is a file where a path is given, relative or not, and of any name", async () => {
    const file = join(folder, "results: 1.db");
    const backend = await openBackend(file);
    await planned(backend.results, "r", aPlan(["random"], ["inc-101"]));
    await backend.close();
    expect(existsSync(file)).toBe(true);
    const again = await openBackend(file, { readOnly: true });
    expect(await again.jobs.stats("r")).toMatchObject({ pending: 1 });
    await again.close();
  });

  test("is memory where that is asked for, each opening its own", async () => {
    const [one, two] = [await openBackend("memory:"), await openBackend("memory:")];
    await planned(one.results, "r", aPlan(["random"], ["inc-101"]));
    expect(await two.results.runs()).toEqual([]);
    expect(existsSync("memory:")).toBe(false);
  });

  test.each(["postgres://user:hunter2@db.example/oncall", "http://127.0.0.1/x", "file:///tmp/x.db", ":memory:"])(
    "is refused at %s, with what to give instead and without what the address may hide",
    async (location) => {
      const refusal: unknown = await openBackend(location).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: "NO_ENGINE", message: expect.stringContaining(STORE_ERRORS.NO_ENGINE) });
      expect(String(refusal)).not.toMatch(/hunter2|example/);
    },
  );

  test("opened for reading gives nothing to play", async () => {
    const file = join(folder, "read.db");
    const writer = await openBackend(file);
    await planned(writer.results, "r", aPlan(["random"], ["inc-101"]));
    await held(writer.results, "r", "me");
    const reader = await openBackend(file, { readOnly: true });
    const claim = { runId: "r", worker: "me", max: 1, at: 1 };
    await expect(reader.jobs.claim(claim)).rejects.toMatchObject({ code: "READ_ONLY" });
    await expect(reader.results.beatRun("r", "me", 5)).rejects.toMatchObject({ code: "READ_ONLY" });
    const hold = reader.results.holdRun("r", { owner: anOwner("b"), at: 1, replaces: "me" });
    await expect(hold).rejects.toMatchObject({ code: "READ_ONLY" });
    expect(await writer.jobs.claim(claim)).toHaveLength(1);
    expect(await reader.jobs.stats("r")).toMatchObject({ running: 1 });
    await reader.close();
    await writer.close();
  });
});
