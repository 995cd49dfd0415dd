import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connectSocket } from "../../../env/client/socket.ts";
import { openSqliteStore } from "../../../env/store/sqlite/results.ts";
import { call } from "../../env/server/fixtures.ts";
import { emptyFolder, startProgram } from "../../env/server/program.ts";

test("oncall serve stores what its clients play, under the names they give, before it ends", async () => {
  const file = join(emptyFolder(), "runs", "oncall.db");
  const { child, url, exit } = startProgram("--db", file);
  for (const agent of ["socket-agent", undefined]) {
    const client = await connectSocket(await url, agent === undefined ? {} : { agent }); // oxlint-disable-line no-await-in-loop
    await client.reset({ seed: 1 }); // oxlint-disable-line no-await-in-loop
    await client.step("escalate(me)"); // oxlint-disable-line no-await-in-loop
    await client.close(); // oxlint-disable-line no-await-in-loop
  }
  const named = { "x-session-id": "new", "x-oncall-agent": "http agent" };
  const { headers } = await call(`${await url}/reset`, "POST", { seed: 1 }, named);
  const id = { "x-session-id": headers.get("x-session-id") ?? "" };
  await call(`${await url}/step`, "POST", { action: "resolve_incident(none, no_fault)" }, id);
  const wrong = await call(`${await url}/reset`, "POST", {}, { ...named, "x-oncall-agent": "<script>" });
  expect(wrong).toMatchObject({ status: 400, body: { code: "BAD_AGENT_NAME" } });
  await expect(connectSocket(await url, { agent: "x".repeat(101) })).rejects.toMatchObject({ code: "CONNECT_FAILED" });
  child.kill("SIGTERM");
  expect((await exit).code).toBe(0);

  expect([statSync(file).mode & 0o777, statSync(join(file, "..")).mode & 0o777]).toEqual([0o600, 0o700]);
  const store = await openSqliteStore(file, { readOnly: true });
  const episodes = await store.episodes();
  expect(await store.runs()).toMatchObject([{ name: "served", status: "complete" }]);
  expect(episodes.map(({ variantLabel, terminalReason, final }) => [variantLabel, terminalReason, final])).toEqual([
    ["socket-agent", "escalated", true],
    ["external", "escalated", true],
    ["http agent", "resolved", true],
  ]);
  await store.close();
});
