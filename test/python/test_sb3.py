"""Stable-Baselines3 and MaskablePPO of sb3-contrib, on many incidents at once."""

from __future__ import annotations

import math
import sys
from typing import Any

import numpy as np
import pytest
from examples import example
from oncall_gym import OncallError, OncallVecEnv, OncallVectorEnv
from playing import allowed
from sb3_contrib.common.maskable.utils import get_action_masks, is_masking_supported
from stable_baselines3.common.vec_env import VecMonitor, VecNormalize

maskable_ppo = example("maskable_ppo")


def test_it_plays_what_the_vector_environment_plays(url: str) -> None:
    env, bare = OncallVecEnv(4), OncallVectorEnv(4, autoreset_mode="SameStep")
    env.seed(20)
    observations, (expected, told) = env.reset(), bare.reset(seed=20)
    rng = np.random.default_rng(3)
    ends = 0
    for _ in range(40):
        assert np.array_equal(observations, expected) and observations.flags.writeable
        assert np.array_equal(get_action_masks(env), told["action_mask"])
        actions = np.array([allowed(rng, mask) for mask in told["action_mask"]])
        observations, rewards, dones, infos = env.step(actions)
        expected, rewarded, terminated, truncated, told = bare.step(actions)
        assert np.array_equal(rewards, rewarded) and np.array_equal(dones, terminated | truncated)
        for i in np.flatnonzero(dones):
            ends += 1
            assert np.array_equal(infos[i]["terminal_observation"], told["final_obs"][i])
            assert infos[i]["TimeLimit.truncated"] == truncated[i]
            assert infos[i]["verdict"]["score"] == told["verdict"]["score"][i]
    assert ends > 5
    env.close()
    bare.close()


def test_its_own_wrappers_take_it(url: str) -> None:
    env = VecNormalize(VecMonitor(OncallVecEnv(3, difficulty="easy"), info_keywords=("verdict",)))
    assert is_masking_supported(env)
    env.seed(1)
    env.reset()
    close = env.get_attr("table")[0].actions.index("resolve_incident(none, no_fault)")
    _, _, dones, infos = env.step(np.full(3, close))
    assert dones.all()
    for info in infos:
        assert info["episode"]["l"] == info["verdict"]["steps"] == 1
        assert info["episode"]["r"] == pytest.approx(info["verdict"]["return"], abs=1e-6)
        assert info["episode"]["verdict"] is info["verdict"]
    env.close()
    env.close()


def test_what_it_cannot_do_it_says(url: str) -> None:
    env = OncallVecEnv(2)
    env.set_options({"task_id": "inc-108"})
    env.reset()
    assert {told["state"]["task_id"] for told in env.env.states()} == {"inc-108"}
    env.set_options({"split": "dev"})
    with pytest.raises(ValueError, match="Expected options task_id, got split"):
        env.reset()
    with pytest.raises(AttributeError, match="Environments on a server have the method"):
        env.env_method("render")
    with pytest.raises(AttributeError, match="set_options"):
        env.set_attr("table", None)
    assert not env.has_attr("nothing_of_the_kind")
    env.close()
    with pytest.raises(OncallError, match="CONNECT_FAILED"):
        OncallVecEnv(2, url="http://127.0.0.1:1")


def test_maskable_ppo_trains_and_sends_no_action_that_is_masked(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[bool] = []
    invalid: list[bool] = []
    step = OncallVectorEnv.step

    def watched(envs: OncallVectorEnv, actions: Any) -> Any:
        sent.extend(envs.action_masks()[np.arange(envs.num_envs), actions].tolist())
        result = step(envs, actions)
        invalid.extend(result[-1]["invalid_action"].tolist())
        return result

    monkeypatch.setattr(OncallVectorEnv, "step", watched)
    model = maskable_ppo.train(3072, num_envs=16, seed=1, verbose=0)
    logged = model.logger.name_to_value
    assert all(math.isfinite(logged[f"train/{name}"]) for name in ("loss", "value_loss", "entropy_loss", "approx_kl"))
    assert logged["train/approx_kl"] > 0, "the policy moves"
    assert len(sent) == model.num_timesteps == 3072
    assert all(sent) and not any(invalid)
    episodes = list(model.ep_info_buffer or [])
    assert len(episodes) == 100
    assert all(1 <= episode["l"] <= 24 and -1 <= episode["r"] <= 1 for episode in episodes)
    assert 0 <= logged["rollout/score_mean"] <= 1


def test_the_example_runs_as_a_program(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    saved = tmp_path / "policy.zip"
    monkeypatch.setattr(
        sys, "argv", ["maskable_ppo.py", "--steps", "512", "--difficulty", "easy", "--save", str(saved)]
    )
    maskable_ppo.main()
    assert "512 steps, loss " in capsys.readouterr().out
    assert saved.stat().st_size > 0
