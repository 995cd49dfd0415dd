"""Many environments on one connection: under Gymnasium's wrappers, and each as it would play alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gymnasium
import numpy as np
import pytest
from conftest import StartServer, running_server
from gymnasium.error import ClosedEnvironmentError
from gymnasium.vector import AutoresetMode
from gymnasium.wrappers.vector import (
    ClipReward,
    DictInfoToList,
    NormalizeObservation,
    NormalizeReward,
    RecordEpisodeStatistics,
)
from oncall_gym import OncallError, OncallGymEnv, OncallVectorEnv
from playing import allowed, alone, together

MODES = list(AutoresetMode)


def test_gymnasium_makes_it_by_name(url: str) -> None:
    envs = gymnasium.make_vec("oncall_gym/IncidentFeatures-v1", num_envs=3, difficulty="hard")
    assert isinstance(envs, OncallVectorEnv) and envs.metadata["autoreset_mode"] == AutoresetMode.NEXT_STEP
    observations, _ = envs.reset(seed=1)
    assert observations in envs.observation_space and observations[0] in envs.single_observation_space
    assert {told["state"]["difficulty"] for told in envs.states()} == {"hard"}
    envs.action_space.seed(1)
    observations, rewards, terminated, truncated, _ = envs.step(envs.action_space.sample())
    assert observations in envs.observation_space
    assert (rewards.shape, terminated.dtype, truncated.dtype) == ((3,), np.bool_, np.bool_)
    envs.close()


@pytest.mark.parametrize("mode", MODES)
def test_each_environment_plays_what_a_lone_one_plays(url: str, mode: AutoresetMode) -> None:
    """Environment i begins with seed s + i; its later seeds it tells."""
    with_many = OncallVectorEnv(4, autoreset_mode=mode)
    with OncallGymEnv() as lone:
        for i, episodes in enumerate(together(with_many, 40, 3)):
            assert episodes[0].seed == 40 + i
            for episode in episodes:
                assert episode == alone(lone, episode.seed or 0, i)
    with_many.close()


def test_all_autoreset_modes_play_the_same_episodes(url: str) -> None:
    played = []
    for mode in MODES:
        envs = OncallVectorEnv(3, autoreset_mode=mode)
        played.append(together(envs, 7, 4))
        envs.close()
    assert played[0] == played[1] == played[2]


def test_one_of_many_is_a_single_one(url: str) -> None:
    envs, lone = OncallVectorEnv(1), OncallGymEnv()
    for seed in range(5):
        assert together(envs, seed, 1)[0][0] == alone(lone, seed, 0)
    envs.close()
    lone.close()


def test_the_same_seeds_give_the_same_bytes_and_other_seeds_others(url: str) -> None:
    one, two = OncallVectorEnv(3), OncallVectorEnv(3)
    assert together(one, 3, 2) == together(two, 3, 2) != together(one, 30, 2)
    first, _ = one.reset(seed=[8, 8, 9])
    assert np.array_equal(first[0], first[1]) and not np.array_equal(first[0], first[2])
    for envs in (one, two):
        envs.close()


def test_without_any_seed_seeds_come_from_the_generator(url: str) -> None:
    drawn = []
    for _ in range(2):
        envs = OncallVectorEnv(3)
        envs.np_random = np.random.default_rng(4)
        envs.reset()
        drawn.append([told["state"]["seed"] for told in envs.states()])
        envs.close()
    assert drawn[0] == drawn[1] == np.random.default_rng(4).integers(1_000_000, size=3).tolist()


def test_blocks_of_a_batch_are_views_of_one_message_and_stay_as_they_are(url: str) -> None:
    envs = OncallVectorEnv(5)
    observations, _ = envs.reset(seed=1)
    copy = observations.copy()
    _, rewards, terminated, truncated, _ = envs.step(np.zeros(5, np.int64))
    assert isinstance(message_of(observations), bytes)
    assert message_of(rewards) is message_of(terminated) is message_of(truncated) is not message_of(observations)
    assert not observations.flags.writeable
    for _ in range(3):
        envs.step(np.ones(5, np.int64))
    assert np.array_equal(observations, copy)
    envs.close()


def message_of(view: Any) -> Any:
    """What a view is a view of."""
    while isinstance(view, np.ndarray):
        view = view.base
    return view


@pytest.mark.parametrize("mode", MODES)
def test_the_standard_wrappers_take_it(url: str, mode: AutoresetMode) -> None:
    """Returns and lengths that Gymnasium counts are the server's own. `NormalizeObservation` takes one mode only."""
    envs: Any = RecordEpisodeStatistics(OncallVectorEnv(6, autoreset_mode=mode))
    if mode == AutoresetMode.NEXT_STEP:
        envs = NormalizeObservation(envs)
    envs = DictInfoToList(ClipReward(NormalizeReward(envs), -5, 5))
    rng = np.random.default_rng(2)
    observations, infos = envs.reset(seed=11)
    assert all(set(info) == {"action_mask", "invalid_action"} for info in infos)
    counted = 0
    for _ in range(40):
        actions = np.array([allowed(rng, info["action_mask"]) for info in infos])
        observations, rewards, terminated, truncated, infos = envs.step(actions)
        assert np.isfinite(observations).all() and np.isfinite(rewards).all()
        over = terminated | truncated
        assert over.tolist() == ["verdict" in info for info in infos]
        assert not any(info["invalid_action"] for info in infos)
        for info in (infos[i] for i in np.flatnonzero(over)):
            counted += 1
            assert info["episode"]["r"] == pytest.approx(info["verdict"]["return"], abs=1e-6)
            assert info["episode"]["l"] == info["verdict"]["steps"]
            assert 0 <= info["verdict"]["score"] <= 1
            assert info["verdict"]["ending"] in ("resolved", "escalated", "step_budget")
            assert ("final_obs" in info) == (mode == AutoresetMode.SAME_STEP)
        if mode == AutoresetMode.DISABLED and over.any():
            observations, infos = envs.reset(options={"reset_mask": over})
    assert counted > 10
    envs.close()


def test_what_the_mask_leaves_out_is_invalid(url: str) -> None:
    envs = OncallVectorEnv(1)
    _, info = envs.reset(seed=1)
    left_out = int(np.flatnonzero(info["action_mask"][0] == 0)[0])
    assert not envs.action_masks()[0, left_out]
    *_, info = envs.step([left_out])
    assert info["invalid_action"].tolist() == [True]
    envs.close()


def test_a_finished_environment_waits_for_its_reset_where_nothing_else_resets_it(url: str) -> None:
    envs = OncallVectorEnv(2, autoreset_mode="Disabled")
    envs.reset(seed=1)
    close = envs.table.actions.index("resolve_incident(none, no_fault)")
    _, _, terminated, _, info = envs.step([close, 0])
    assert terminated.tolist() == [True, False] and info["action_mask"][0].all()
    with pytest.raises(OncallError, match="EPISODE_DONE"):
        envs.step([0, 0])
    envs.reset(options={"reset_mask": np.array([True, False]), "task_ids": ["inc-108", None]})
    assert [told["state"]["step_count"] for told in envs.states()] == [0, 1]
    assert envs.states([0])[0]["state"]["task_id"] == "inc-108"
    envs.close()


WRONG: list[tuple[Callable[[OncallVectorEnv], object], type[Exception], str]] = [
    (lambda envs: envs.step(np.zeros(3, np.int64)), ValueError, r"whole numbers of shape \(2,\), got int64 of shape"),
    (lambda envs: envs.step(np.zeros(2)), ValueError, "float64"),
    (lambda envs: envs.step([0, -1]), ValueError, r"actions from 0 to \d+, got \[0, -1\]"),
    (lambda envs: envs.step([0, 65535]), ValueError, "actions from 0 to"),
    (lambda envs: envs.step(None), ValueError, "whole numbers"),  # type: ignore[arg-type]
    (lambda envs: envs.reset(seed=[1]), ValueError, "one seed for each of 2 environments, got 1"),
    (lambda envs: envs.reset(seed=-1), gymnasium.error.Error, "Seed must be greater or equal to zero"),
    (lambda envs: envs.reset(seed=[1, -1]), OncallError, "VALIDATION_ERROR"),
    (lambda envs: envs.reset(options={"split": "dev"}), ValueError, "Expected options reset_mask, task_ids, got split"),
    (lambda envs: envs.reset(options={"task_ids": ["inc-999", None]}), OncallError, 'Unknown task "inc-999"'),
    (lambda envs: envs.reset(options={"task_ids": [None]}), OncallError, "task_ids: expected one entry for each of 2"),
    (lambda envs: envs.reset(options={"reset_mask": [True]}), OncallError, "reset_mask: expected one entry for each"),
]


def test_what_is_wrong_is_refused_with_the_reason_and_moves_nothing(url: str) -> None:
    envs = OncallVectorEnv(2)
    with pytest.raises(OncallError, match="NOT_RESET"):
        envs.step([0, 0])
    envs.reset(seed=1)
    envs.step([0, 0])
    for act, kind, message in WRONG:
        with pytest.raises(kind, match=message):
            act(envs)
    assert [told["state"]["step_count"] for told in envs.states()] == [1, 1]
    envs.step([0, 0])
    envs.close()
    envs.close()
    with pytest.raises(ClosedEnvironmentError):
        envs.reset(seed=1)
    for wrong in (0, 1.5, None):
        with pytest.raises(ValueError, match="num_envs"):
            OncallVectorEnv(wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="nonsense"):
        OncallVectorEnv(1, autoreset_mode="nonsense")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"split": "everything"}, "VALIDATION_ERROR"),
        ({"task_ids": ["inc-999"]}, 'Unknown task "inc-999"'),
        ({"num_envs": 1025}, "num_envs: expected at most 1024, got 1025"),
    ],
)
def test_options_that_leave_nothing_to_play_are_refused_at_the_first_reset(
    url: str, options: dict[str, Any], message: str
) -> None:
    envs = OncallVectorEnv(**options)
    for _ in range(2):
        with pytest.raises(OncallError, match=message):
            envs.reset(seed=1)
    envs.close()


def test_a_full_server_says_so_and_closing_makes_room(start_server: StartServer) -> None:
    url = start_server("--max-sessions", "5")
    one, two = OncallVectorEnv(4, url), OncallVectorEnv(2, url)
    one.reset(seed=1)
    with pytest.raises(OncallError, match="CAPACITY_REACHED"):
        two.reset(seed=1)
    one.close()
    two.reset(seed=1)
    two.close()


def test_a_server_that_goes_away_is_said_and_another_in_its_place_is_found() -> None:
    with running_server() as url:
        envs = OncallVectorEnv(2, url)
        envs.reset(seed=1)
    with pytest.raises(OncallError, match=r"The server closed the connection.*1012.*CONNECTION_LOST"):
        envs.step([0, 0])
    with pytest.raises(OncallError, match="CONNECT_FAILED"):
        envs.reset(seed=1)
    with running_server("--port", url.rsplit(":", 1)[1]):
        envs.reset()
        envs.step([0, 0])
    envs.close()
    with pytest.raises(OncallError, match="CONNECT_FAILED"):
        OncallVectorEnv(2, url)
