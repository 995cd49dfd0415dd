"""RFC 008: the same seed, task and actions give the same bytes, in two servers and in any session of one."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from conftest import PACKAGE, StartServer
from websockets.sync.client import connect

PLAN = json.loads((PACKAGE / "validation" / "runtime.json").read_text(encoding="utf-8"))
LOWEST, HIGHEST = -1.0, 1.0  # the manifest's range


def transcript(url: str, episode_id: str = "same", seed: int = PLAN["reset"]["seed"]) -> list[str]:
    """Every reply of an episode as it came, states in between included."""
    replies = []
    with connect(f"{url.replace('http', 'ws', 1)}/ws", compression=None, proxy=None) as socket:

        def ask(kind: str, data: Any = None) -> None:
            socket.send(json.dumps({"type": kind} if data is None else {"type": kind, "data": data}))
            replies.append(str(socket.recv(timeout=10)))

        ask("reset", {**PLAN["reset"]["options"], "seed": seed, "episode_id": episode_id})
        ask("state")
        for action in PLAN["actions"]:
            ask("step", action)
            ask("state")
    return replies


@pytest.fixture(scope="module")
def replies(request: pytest.FixtureRequest) -> list[str]:
    return transcript(request.getfixturevalue("url"))


def test_two_processes_send_the_same_bytes(start_server: StartServer, replies: list[str]) -> None:
    assert transcript(start_server()) == replies


def test_two_sessions_of_one_process_send_the_same_bytes(url: str, replies: list[str]) -> None:
    assert transcript(url) == replies
    assert transcript(url, "another") == [reply.replace('"same"', '"another"') for reply in replies]


def test_another_seed_is_another_episode(url: str, replies: list[str]) -> None:
    assert transcript(url, seed=PLAN["reset"]["seed"] + 1)[0] != replies[0]


def test_rewards_states_and_envelopes_are_well_formed(replies: list[str]) -> None:
    parsed = [json.loads(reply) for reply in replies]
    observations, states = parsed[0::2], parsed[1::2]
    for steps, (observation, state) in enumerate(zip(observations, states, strict=True)):
        data = observation["data"]
        assert observation["type"] == "observation"
        assert set(data) == {"observation", "reward", "done", "metadata"}
        assert not {"reward", "done", "tools", "tool_name", "error"} & set(data["observation"])
        assert data["done"] is (steps == len(PLAN["actions"]))
        if steps == 0:
            assert data["reward"] is None
        else:
            assert math.isfinite(data["reward"]) and LOWEST <= data["reward"] <= HIGHEST
        assert state["type"] == "state"
        assert (state["data"]["episode_id"], state["data"]["step_count"]) == ("same", steps)


def test_what_the_model_may_see_holds_no_control(replies: list[str]) -> None:
    for reply in replies[0:-2:2]:
        observation = json.loads(reply)["data"]["observation"]
        assert observation["metadata"] == {"terminated": False, "truncated": False, "info": {}}
        assert "inc-1" not in json.dumps(observation) and "difficulty" not in json.dumps(observation)
