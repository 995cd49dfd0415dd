"""OpenEnv's client of tools: as steps of an episode, and over HTTP."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from conftest import StartServer
from oncall_gym.catalogue import ACTION_TYPES
from openenv.core.mcp_client import MCPToolClient

LOOK = {"service": "web_server"}
TOOLS = [*ACTION_TYPES, "get_briefing"]
# Later clients always attach their socket to a session over HTTP; June's do either, as they are told.
HAS_STEP_PATH = "urlencode" not in inspect.getsource(inspect.getmodule(MCPToolClient) or MCPToolClient)
step_path_only = pytest.mark.skipif(not HAS_STEP_PATH, reason="this OpenEnv has no tools as steps")


def played(url: str, play: Callable[[Any], Awaitable[None]], over_http: bool) -> None:
    async def run() -> None:
        client = MCPToolClient(base_url=url)
        client.use_production_mode = over_http
        async with client:
            await play(client)

    asyncio.run(run())


@step_path_only
def test_tools_as_steps(url: str) -> None:
    async def play(env: Any) -> None:
        assert [tool.name for tool in await env.list_tools()] == TOOLS  # before the first reset
        page = await env.reset(seed=7)
        assert (page.reward, page.done) == (None, False)
        assert "web_server" in await env.call_tool("inspect_logs", **LOOK)
        assert (await env.state()).step_count == 1

        with pytest.raises(RuntimeError, match="failed"):
            await env.call_tool("no_such_tool")
        assert (await env.state()).step_count == 2
        assert "expected one of load_balancer" in await env.call_tool("inspect_logs", service="moon")
        assert (await env.state()).step_count == 3

        assert [tool.name for tool in await env.list_tools(use_cache=False)] == TOOLS
        assert (await env.state()).step_count == 3

    played(url, play, over_http=False)


def test_tools_over_http(url: str) -> None:
    async def play(env: Any) -> None:
        tools = await env.list_tools()
        assert [tool.name for tool in tools] == TOOLS
        assert tools[0].input_schema["properties"]["service"]["enum"][0] == "load_balancer"

        page = await env.call_tool("get_briefing")
        assert "PAGE" in page
        assert page == await env.call_tool("get_briefing")
        assert "web_server" in await env.call_tool("inspect_logs", **LOOK)
        assert "expected one of load_balancer" in await env.call_tool("inspect_logs", service="moon")
        with pytest.raises(RuntimeError, match="failed"):
            await env.call_tool("no_such_tool")
        assert "PAGE" in await env.call_tool("escalate", reason="This is a check of the protocol.")
        assert await env.call_tool("inspect_logs", **LOOK) == "The incident is closed."

    played(url, play, over_http=True)


@pytest.mark.skipif(HAS_STEP_PATH, reason="this OpenEnv does not attach sockets to sessions")
def test_socket_and_http_share_one_episode(url: str) -> None:
    async def play(env: Any) -> None:
        await env.reset(seed=7)
        await env.call_tool("inspect_logs", **LOOK)
        assert (await env.state()).step_count == 1

    played(url, play, over_http=True)


def test_a_session_over_http_gives_its_slot_back(start_server: StartServer) -> None:
    url = start_server("--max-sessions", "1")

    async def call_once() -> None:
        client = MCPToolClient(base_url=url)
        client.use_production_mode = True
        assert "PAGE" in await client.call_tool("get_briefing")
        await client.close()

    for _ in range(3):
        asyncio.run(call_once())
    with httpx.Client(base_url=url) as http:
        held = _rpc(http, "openenv/session/create")["result"]["session_id"]
        assert _rpc(http, "openenv/session/create")["error"]["code"] == -32000
        assert _rpc(http, "openenv/session/close", session_id=held)["result"] == {"session_id": held, "closed": True}
        assert "result" in _rpc(http, "openenv/session/create")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{}", -32600),
        ("nonsense", -32700),
        ("[]", -32700),
        ('{"jsonrpc":"2.0","method":"initialize","id":1}', -32601),
        ('{"jsonrpc":"2.0","method":"tools/call","id":1}', -32602),
        ('{"jsonrpc":"2.0","method":"tools/list","params":[],"id":1}', -32600),
        ('{"jsonrpc":"2.0","method":"tools/call","params":{"name":"nothing"},"id":1}', -32603),
        ('{"jsonrpc":"2.0","method":"tools/list","params":{"session_id":"none"},"id":1}', -32602),
    ],
)
def test_what_is_no_request_gets_an_answer_all_the_same(url: str, body: str, code: int) -> None:
    reply = httpx.post(f"{url}/mcp", content=body)
    assert reply.status_code == 200
    assert reply.json()["error"]["code"] == code
    assert "data" in reply.json()["error"]


def _rpc(http: httpx.Client, method: str, **params: str) -> Any:
    return http.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).json()
