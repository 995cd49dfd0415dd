import { describe, expect, test } from "vitest";
import { INSTRUCTIONS } from "../../env/mcp/instructions.ts";
import { tools } from "../../env/mcp/tools.ts";
import { openEpisode } from "../env/mcp/fixtures.ts";
import { openSocket, reset, startServer } from "../env/server/fixtures.ts";
import { clients } from "./mcp-clients.ts";

const overHttp = Object.entries(clients).filter(([name]) => name.includes("HTTP"));

describe.for(Object.entries(clients))("%s", ([name, connect]) => {
  test("lists, looks, acts wrongly and closes, and learns nothing of its score", async () => {
    const { url } = await startServer();
    const episode = await openEpisode(url);
    const client = await connect(episode.address);
    expect(client.instructions).toBe(INSTRUCTIONS);
    expect(client.revision === "2026-07-28").toBe(/2026|negotiating/.test(name));

    expect(await client.list()).toEqual(tools);
    expect(await episode.steps()).toBe(0);

    const twin = await openSocket(url);
    const { text } = (await twin.ask(reset({ seed: 7, task_id: "inc-117" }))).data.observation;
    expect(await client.call("get_briefing")).toEqual({ text, data: undefined, isError: false });
    expect(await episode.steps()).toBe(0);

    const look = await client.call("inspect_logs", { service: "database" });
    expect(look).toMatchObject({ isError: false, data: { last_action: "inspect_logs(database)" } });
    expect(Object.keys(look.data ?? {}).toSorted()).toEqual(
      "alert changes_left clock incident_id last_action result slo steps_left".split(" "),
    );

    const wrong = await client.call("inspect_logs", { service: "databse" });
    expect(wrong).toMatchObject({ isError: true, data: { result: { status: "invalid" } } });
    expect(wrong.text).toContain('Did you mean "database"?');
    expect(await episode.steps()).toBe(2);

    await expect(client.call("no_such_tool")).rejects.toThrow('Unknown tool "no_such_tool".');
    expect(await episode.steps()).toBe(2);

    const end = await client.call("resolve_incident", { service: "none", fault: "no_fault" });
    expect(end).toMatchObject({ isError: false, data: { result: { status: "closed", data: null } } });
    expect(await client.call("check_status", { service: "cache" })).toEqual({
      text: "The incident is closed.",
      data: undefined,
      isError: true,
    });
    expect(await episode.steps()).toBe(3);

    expect(await episode.reset({ seed: 8 })).not.toBe(episode.address);
    await expect(client.call("check_status", { service: "cache" })).rejects.toThrow(
      "No incident is open at this address.",
    );
    expect(await episode.steps()).toBe(0);
  });
});

test.for(overHttp)("%s: an address that leads nowhere is refused", async ([, connect]) => {
  const { url } = await startServer();
  await expect(connect(`${url}/e/${"x".repeat(22)}`)).rejects.toThrow(/No incident is open|did not offer/);
});
