"""The loop in which verifiers plays OpenEnv servers, with a scripted player in place of a model."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from oncall_gym import Connection
from verifiers.v1.tasksets.openenv.taskset import OpenEnvEnv, parse_action

GIVE_UP = "escalate(This is a check.)"


class Player:
    """Answers each observation with the next of its replies, and keeps what it was shown and what it was given."""

    def __init__(self, *replies: str) -> None:
        self._replies = iter(replies)
        self.shown: list[dict[str, Any]] = []
        self.rewards: dict[str, float] = {}
        self.trace = SimpleNamespace(record_reward=self.rewards.__setitem__, stop=lambda reason: None)

    @asynccontextmanager
    async def interaction(self, task: object) -> AsyncIterator[Player]:
        yield self

    async def turn(self, payload: str) -> SimpleNamespace:
        self.shown.append(json.loads(payload))
        reply = next(self._replies, None)
        return SimpleNamespace(terminated=reply is None, last_reply=reply or "")


def play(url: str, player: Player, **reset: Any) -> float:
    """An episode in verifiers' own loop; returns the reward that it recorded."""
    task = SimpleNamespace(data=SimpleNamespace(base_url=url, reset=reset))
    loop: Any = OpenEnvEnv.run
    asyncio.run(loop(None, task, SimpleNamespace(player=player)))
    return player.rewards["openenv_reward"]


def test_the_server_is_taken_for_an_environment_of_actions_and_not_of_tools(url: str) -> None:
    action = httpx.get(f"{url}/schema").json()["action"]
    assert action.get("title") not in {"Action", "CallToolAction", "ListToolsAction"}
    assert not {"tool_name", "arguments"} & set(action["properties"])
    player = Player(GIVE_UP)
    play(url, player, seed=1)
    assert player.shown[0]["action_schema"] == action
    assert "PAGE" in player.shown[0]["observation"]["text"]


@pytest.mark.parametrize(
    "reply",
    [
        "inspect_logs(web_server)",
        '{"type": "inspect_logs", "service": "web_server"}',
        '```json\n{"type": "inspect_logs", "service": "web_server"}\n```',
    ],
    ids=["text", "JSON", "fenced JSON"],
)
def test_plain_text_and_json_are_the_same_action(url: str, reply: str) -> None:
    player = Player(reply, GIVE_UP)
    play(url, player, seed=1)
    assert player.shown[1]["observation"]["last_action"] == "inspect_logs(web_server)"


def test_plain_text_becomes_the_one_required_field(url: str) -> None:
    schema = httpx.get(f"{url}/schema").json()["action"]
    assert parse_action("inspect_logs(cache)", schema) == {"type": "inspect_logs(cache)"}


ACTIONS = ("inspect_metrics(cache)", "inspect_logs(web_server)", "restart_service(cache)", "no action", GIVE_UP)


def test_the_rewards_sum_to_the_score(url: str) -> None:
    for seed in range(5):
        player = Player(*ACTIONS)
        total = play(url, player, seed=seed, task_id="inc-117", episode_id=f"verifiers-{seed}")
        assert len(player.shown) == 5
        assert 0 <= total <= 1 and total == pytest.approx(_score(url, seed), abs=1e-9)


def _score(url: str, seed: int) -> float:
    """The score of the same episode, from the control plane of another session."""
    connection = Connection(url)
    connection.reset(seed=seed, task_id="inc-117")
    *_, last = [connection.step(action) for action in ACTIONS]
    return float(last.info["episode"]["score"])
