"""Our own OpenEnv client: the same frames, with types."""

from __future__ import annotations

import asyncio

import pytest
from oncall_gym import OncallAction, OncallEnv, OncallObservation, OncallResult, OncallState
from openenv import GenericEnvClient
from pydantic import ValidationError

ACTIONS = [
    OncallAction.inspect_logs("cache"),
    OncallAction.inspect_metrics("database"),
    OncallAction.check_status("web_server"),
    OncallAction.inspect_config("cache"),
    OncallAction.inspect_config("cache", "ttl_s"),
    OncallAction.update_config("cache", "ttl_s", 300),
    OncallAction.restart_service("cache"),
    OncallAction.resolve_incident("none", "no_fault", "Only looking."),
]


def test_every_kind_of_action_and_result(url: str) -> None:
    with OncallEnv(url).sync() as env:
        first = env.reset(seed=7, difficulty="medium")
        assert isinstance(first, OncallResult) and isinstance(first.observation, OncallObservation)
        assert first.info["seed"] == 7 and first.reward is None
        kinds = set()
        for action in ACTIONS:
            result = env.step(action)
            assert result.observation.result.status in ("ok", "closed"), result.observation.result.message
            if result.observation.result.data is not None:
                kinds.add(result.observation.result.data.kind)
        assert kinds == {"logs", "metrics", "status", "config", "config_history", "change"}
        assert (result.terminated, result.truncated, result.done) == (True, False, True)
        assert result.info["episode"]["ended"] == "resolved"
        assert result.observation.done is True and result.observation.reward == result.reward

        state = env.state()
        assert isinstance(state, OncallState)
        assert (state.step_count, state.task_id, state.return_) == (
            len(ACTIONS),
            first.info["task_id"],
            pytest.approx(result.info["episode"]["score"]),
        )


def test_async_and_the_other_forms_of_an_action(url: str) -> None:
    async def play() -> None:
        async with OncallEnv(url) as env:
            await env.reset(seed=1)
            assert (await env.step("inspect_logs(cache)")).observation.last_action == "inspect_logs(cache)"
            look = {"type": "inspect_config", "service": "cache", "key": "ttl_s"}
            assert (await env.step(look)).observation.last_action == "inspect_config(cache, ttl_s)"

    asyncio.run(play())


def test_an_episode_cut_by_its_budget_is_truncated(url: str) -> None:
    with OncallEnv(url).sync() as env:
        steps_left = env.reset(seed=1, difficulty="easy").observation.steps_left
        for _ in range(steps_left):
            result = env.step(OncallAction.check_status("cache"))
        assert (result.terminated, result.truncated, result.done) == (False, True, True)
        assert result.info["episode"]["ended"] == "step_budget"


def test_a_typed_action_is_valid_for_the_client_that_knows_no_types(url: str) -> None:
    with GenericEnvClient(base_url=url).sync() as env:
        env.reset(seed=1)
        for action in ACTIONS:
            assert env.step(action).observation["result"]["status"] in ("ok", "closed")


def test_the_address_comes_from_the_environment(url: str) -> None:
    with OncallEnv().sync() as env:
        assert env.reset(seed=1).done is False


def test_a_service_that_does_not_exist_is_refused_before_it_is_sent() -> None:
    with pytest.raises(ValidationError, match="load_balancer"):
        OncallAction(type="inspect_logs", service="moon")  # type: ignore[arg-type]
