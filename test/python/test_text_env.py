"""Incidents under Gymnasium's own checks and wrappers."""

from __future__ import annotations

import pickle
import warnings
from typing import Any

import gymnasium
import numpy as np
import oncall_gym
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.wrappers import RecordEpisodeStatistics

LOOK = "inspect_logs(web_server)"
GIVE_UP = "escalate(This is a check.)"


def make(**options: Any) -> gymnasium.Env[str, str]:
    return gymnasium.make("oncall_gym/Incident-v1", **options)


def test_gymnasium_finds_nothing_to_say_against_it(url: str) -> None:
    with warnings.catch_warnings(), make() as env:
        warnings.simplefilter("error")
        check_env(env.unwrapped)


def test_an_episode_ends_with_a_verdict(url: str) -> None:
    with make(render_mode="ansi") as env:
        text, info = env.reset(seed=7, options={"difficulty": "easy"})
        assert text in env.observation_space and "PAGE" in text
        assert info["difficulty"] == "easy" and "verdict" not in info
        look, first, terminated, truncated, info = env.step(LOOK)
        assert (look in env.observation_space, terminated, truncated) == (True, False, False)
        assert env.render() == look
        _, last, terminated, truncated, info = env.step(GIVE_UP)
        assert (terminated, truncated) == (True, False)
        assert info["verdict"]["ended"] == "escalated" and "episode" not in info
        assert first + last == pytest.approx(info["verdict"]["score"])


def test_the_steps_are_bounded_by_the_environment(url: str) -> None:
    with make() as env:
        env.reset(seed=1, options={"difficulty": "easy"})
        for step in range(14):
            _, _, terminated, truncated, info = env.step(LOOK)
            assert (terminated, truncated) == (False, step == 13)
        assert info["verdict"]["ended"] == "step_budget"


def test_seeds_are_gymnasiums(url: str) -> None:
    """A given seed is the episode's; without one, the next comes from the generator that the last given one seeded."""
    with make() as env:
        assert env.reset(seed=3)[1]["seed"] == 3
        following = [env.reset()[1]["seed"] for _ in range(3)]
        assert following == [int(seed) for seed in _drawn(3)]
        env.reset(seed=3)
        assert [env.reset()[1]["seed"] for _ in range(3)] == following
    with make() as one, make() as other:
        assert one.reset()[1]["seed"] != other.reset()[1]["seed"]


def _drawn(seed: int) -> list[Any]:
    generator = np.random.Generator(np.random.PCG64(seed))
    return [generator.integers(1_000_000) for _ in range(3)]


def test_the_same_seed_and_actions_give_the_same_episode(url: str) -> None:
    def play() -> list[Any]:
        with make() as env:
            return [env.reset(seed=11), *(env.step(action) for action in (LOOK, "restart_service(cache)", GIVE_UP))]

    assert play() == play()


def test_any_text_is_an_action(url: str) -> None:
    with make() as env:
        env.reset(seed=1)
        env.action_space.seed(1)
        for action in (env.action_space.sample(), "", "restart_service(moon)", "a" * 8192):
            text, _, terminated, truncated, _ = env.step(action)
            assert "invalid action" in text and text in env.observation_space
            assert (terminated, truncated) == (False, False)


@pytest.mark.parametrize(
    "how",
    [
        {"vectorization_mode": "sync"},
        # Gymnasium reads text out of shared memory once, when the workers start.
        {"vectorization_mode": "async", "vector_kwargs": {"shared_memory": False}},
    ],
    ids=["sync", "async"],
)
def test_vectorised_by_gymnasium(url: str, how: dict[str, Any]) -> None:
    envs = gymnasium.make_vec("oncall_gym/Incident-v1", num_envs=3, **how)
    try:
        pages, info = envs.reset(seed=5)
        assert list(info["seed"]) == [5, 6, 7] and len(set(pages)) == 3
        _, rewards, terminated, _, _ = envs.step((LOOK, GIVE_UP, LOOK))
        assert list(terminated) == [False, True, False] and len(rewards) == 3
    finally:
        envs.close()


def test_wrappers_that_use_the_key_episode_are_not_disturbed(url: str) -> None:
    with RecordEpisodeStatistics(make()) as env:
        env.reset(seed=1)
        _, reward, _, _, info = env.step(GIVE_UP)
        assert info["episode"]["l"] == 1 and info["verdict"]["score"] == pytest.approx(reward)


def test_it_opens_no_socket_before_the_first_reset(url: str) -> None:
    env = pickle.loads(pickle.dumps(oncall_gym.OncallTextEnv("http://127.0.0.1:1")))
    with pytest.raises(oncall_gym.OncallError, match="CONNECT_FAILED"):
        env.reset(seed=1)
    env.close()


def test_a_wrong_option_is_refused(url: str) -> None:
    with make() as env, pytest.raises(oncall_gym.OncallError, match="BAD_OPTION"):
        env.reset(seed=1, options={"split": "everything"})
    with pytest.raises(ValueError, match="human"):
        oncall_gym.OncallTextEnv(render_mode="human")
