"""OpenEnv's own client, which knows nothing of incidents."""

from __future__ import annotations

import asyncio
import math

import pytest
from openenv import GenericEnvClient

LOOK = {"type": "inspect_logs", "service": "web_server"}
GIVE_UP = {"type": "escalate", "reason": "This is a check of the protocol."}


def test_async(url: str) -> None:
    async def play() -> None:
        async with GenericEnvClient(base_url=url) as env:
            first = await env.reset(seed=7, difficulty="easy", episode_id="check-1", split=None)
            assert (first.reward, first.done) == (None, False)
            assert first.observation["steps_left"] == 14

            look = await env.step({**LOOK, "metadata": {"from": "pydantic"}})
            assert look.observation["last_action"] == "inspect_logs(web_server)"
            assert math.isfinite(look.reward) and look.done is False

            state = await env.state()
            assert (state["episode_id"], state["step_count"], state["seed"]) == ("check-1", 1, 7)

            last = await env.step(GIVE_UP)
            assert last.done is True
            assert last.observation["metadata"]["info"]["episode"]["ended"] == "escalated"

    asyncio.run(play())


def test_sync_plays_fifty_episodes_on_one_socket(url: str) -> None:
    with GenericEnvClient(base_url=url).sync() as env:
        pages = set()
        for seed in range(50):
            page = env.reset(seed=seed)
            assert (page.reward, page.done) == (None, False)
            pages.add(page.observation["incident_id"])
            rewards = [env.step(LOOK).reward]
            last = env.step(GIVE_UP)
            assert last.done is True
            score = last.observation["metadata"]["info"]["episode"]["score"]
            assert math.fsum([*rewards, last.reward]) == pytest.approx(score, abs=1e-9)
            assert env.state()["step_count"] == 2
        assert len(pages) == 50


def test_a_step_before_the_first_reset_is_refused(url: str) -> None:
    with GenericEnvClient(base_url=url).sync() as env:
        with pytest.raises(RuntimeError, match=r"reset\(\) must be called before step\(\).*EXECUTION_ERROR"):
            env.step(LOOK)
        assert env.state() == {"episode_id": None, "step_count": 0}
        assert env.reset(seed=1).done is False


def test_a_step_after_the_end_is_refused_and_a_reset_goes_on(url: str) -> None:
    with GenericEnvClient(base_url=url).sync() as env:
        env.reset(seed=1)
        env.step(GIVE_UP)
        with pytest.raises(RuntimeError, match="The episode is over.*EXECUTION_ERROR"):
            env.step(LOOK)
        assert env.state()["step_count"] == 1
        assert env.reset(seed=2).done is False


def test_a_wrong_option_says_what_is_accepted_and_leaves_the_episode(url: str) -> None:
    with GenericEnvClient(base_url=url).sync() as env:
        env.reset(seed=1)
        with pytest.raises(RuntimeError, match="easy, medium, hard"):
            env.reset(difficulty="impossible")
        assert env.step(LOOK).done is False


def test_an_invalid_action_costs_a_step_and_says_why(url: str) -> None:
    with GenericEnvClient(base_url=url).sync() as env:
        before = env.reset(seed=1).observation["steps_left"]
        result = env.step({"type": "restart_service", "service": "moon"})
        assert result.observation["result"]["status"] == "invalid"
        assert "expected one of load_balancer" in result.observation["result"]["message"]
        assert result.observation["steps_left"] == before - 1
