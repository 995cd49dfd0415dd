"""A single environment of numbers under Gymnasium's own checks, and what it says."""

from __future__ import annotations

import warnings
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils import seeding
from gymnasium.utils.env_checker import check_env
from gymnasium.wrappers import NormalizeReward, RecordEpisodeStatistics
from oncall_gym import OncallError, OncallGymEnv
from playing import allowed, alone


def make(**options: Any) -> gymnasium.Env[Any, Any]:
    return gymnasium.make("oncall_gym/IncidentFeatures-v1", **options)


def test_gymnasium_finds_nothing_to_say_against_it(url: str) -> None:
    with warnings.catch_warnings(), make() as env:
        warnings.simplefilter("error")
        check_env(env.unwrapped)


def test_an_episode_under_its_masks_is_valid_throughout_and_ends_with_a_verdict(url: str) -> None:
    rng = np.random.default_rng(1)
    with RecordEpisodeStatistics(NormalizeReward(make(difficulty="easy"))) as env:
        for seed in range(10):
            observation, info = env.reset(seed=seed)
            assert observation in env.observation_space and "verdict" not in info
            over = False
            while not over:
                assert np.array_equal(info["action_mask"], env.unwrapped.action_masks())
                observation, _, terminated, truncated, info = env.step(allowed(rng, info["action_mask"]))
                over = terminated or truncated
                assert observation in env.observation_space and not info["invalid_action"]
            state = env.unwrapped.state()
            assert info["verdict"] == state["episode"] and state["difficulty"] == "easy" and state["seed"] == seed
            assert info["episode"]["l"] == state["step_count"]
            assert info["action_mask"].all()


def test_its_mask_is_one_that_gymnasium_samples_with(url: str) -> None:
    with make() as env:
        _, info = env.reset(seed=3)
        env.action_space.seed(3)
        assert {info["action_mask"][env.action_space.sample(mask=info["action_mask"])] for _ in range(50)} == {1}


def test_rewards_sum_to_the_score(url: str) -> None:
    with make() as env:
        _, info = env.reset(seed=5)
        look = env.unwrapped.table.actions.index("inspect_metrics(database)")
        close = env.unwrapped.table.actions.index("resolve_incident(database, lock)")
        rewards = [env.step(look)[1], env.step(look)[1]]
        _, last, terminated, _, info = env.step(close)
        assert terminated and sum([*rewards, last]) == pytest.approx(info["verdict"]["score"], abs=1e-6)


def test_without_a_seed_one_is_drawn_from_the_generator_that_the_last_seed_began(url: str) -> None:
    with make() as env:
        env.reset(seed=9)
        assert env.unwrapped.state()["seed"] == 9
        generator, _ = seeding.np_random(9)
        for _ in range(3):
            env.reset()
            assert env.unwrapped.state()["seed"] == generator.integers(1_000_000)


def test_the_same_seed_and_actions_give_the_same_bytes(url: str) -> None:
    with make() as one, make() as two:
        for seed in range(5):
            assert alone(one.unwrapped, seed, 1) == alone(two.unwrapped, seed, 1)
        assert alone(one.unwrapped, 0, 1) != alone(one.unwrapped, 1, 1)


def test_a_task_can_be_asked_for(url: str) -> None:
    with make() as env:
        env.reset(seed=1, options={"task_id": "inc-108"})
        assert env.unwrapped.state()["task_id"] == "inc-108"
        with pytest.raises(OncallError, match='Unknown task "inc-999"'):
            env.reset(seed=1, options={"task_id": "inc-999"})
        assert env.unwrapped.state()["task_id"] == "inc-108"
        with pytest.raises(ValueError, match="Expected options task_id, got difficulty"):
            env.reset(seed=1, options={"difficulty": "easy"})


def test_wrong_calls_are_refused_with_the_reason(url: str) -> None:
    env = OncallGymEnv()
    with pytest.raises(OncallError, match="NOT_RESET"):
        env.step(0)
    env.reset(seed=1)
    for action in (-1, len(env.table.actions), 0.5, "escalate", None):
        with pytest.raises(ValueError, match="Expected an action from 0 to"):
            env.step(action)  # type: ignore[arg-type]
    assert env.state()["step_count"] == 0
    env.step(env.table.actions.index("resolve_incident(none, no_fault)"))
    with pytest.raises(OncallError, match="EPISODE_DONE"):
        env.step(0)
    env.close()
    env.close()
    env.reset(seed=2)
    env.close()
    with pytest.raises(ValueError, match="human"):
        OncallGymEnv(render_mode="human")


def test_a_lost_connection_is_said_and_the_next_reset_opens_another(url: str) -> None:
    env = OncallGymEnv()
    env.reset(seed=1)
    cut(env)
    with pytest.raises(OncallError, match="The server closed the connection.*CONNECTION_LOST"):
        env.step(0)
    with pytest.raises(OncallError, match="NOT_RESET"):
        env.step(0)
    env.reset(seed=1)
    cut(env)
    env.reset(seed=2)
    assert env.state()["seed"] == 2
    env.close()


def cut(env: OncallGymEnv) -> None:
    """Ends the connection behind the environment's back."""
    socket = env._connection._wire._socket
    assert socket is not None
    socket.close()
