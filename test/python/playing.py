"""Policies and traces for checks of the environments of numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode
from oncall_gym import OncallGymEnv, OncallVectorEnv


def allowed(rng: np.random.Generator, mask: Any) -> int:
    """An action that is valid now; most of them look, so that episodes last."""
    valid = np.flatnonzero(mask)
    looks = valid[valid < 80]
    return int(rng.choice(looks if rng.random() < 0.8 and len(looks) > 0 else valid))


@dataclass
class Episode:
    """What happened, as bytes where it came as numbers of single precision."""

    steps: list[tuple[Any, ...]] = field(default_factory=list)
    seed: int | None = None


def alone(env: OncallGymEnv, seed: int, policy_seed: int) -> Episode:
    """One episode of a single environment."""
    rng = np.random.default_rng(policy_seed)
    observation, info = env.reset(seed=seed)
    episode = Episode([(observation.tobytes(), info["action_mask"].tobytes())], seed)
    over = False
    while not over:
        action = allowed(rng, info["action_mask"])
        observation, reward, terminated, truncated, info = env.step(action)
        over = terminated or truncated
        mask = None if over else info["action_mask"].tobytes()
        episode.steps.append((action, observation.tobytes(), mask, np.float32(reward), terminated, truncated))
    return episode


def together(envs: OncallVectorEnv, seed: int, episodes: int) -> list[list[Episode]]:
    """The first episodes of each of many environments, with a policy that begins anew in each episode."""
    mode = envs.metadata["autoreset_mode"]
    n = envs.num_envs
    observations, infos = envs.reset(seed=seed)
    seeds = [told["state"]["seed"] for told in envs.states()]
    rngs = [np.random.default_rng(i) for i in range(n)]
    traces = [[_begun(observations, infos, seeds, i)] for i in range(n)]
    over = np.zeros(n, bool)
    for _ in range(400):
        actions = np.array([allowed(rng, mask) for rng, mask in zip(rngs, infos["action_mask"], strict=True)])
        observations, rewards, terminated, truncated, infos = envs.step(actions)
        begun, over = over, terminated | truncated
        if mode != AutoresetMode.NEXT_STEP:
            begun = np.zeros(n, bool)
        for i in np.flatnonzero(~begun):
            last = infos["final_obs"][i] if over[i] and mode == AutoresetMode.SAME_STEP else observations[i]
            mask = None if over[i] else infos["action_mask"][i].tobytes()
            step = (int(actions[i]), last.tobytes(), mask, rewards[i], bool(terminated[i]), bool(truncated[i]))
            traces[i][-1].steps.append(step)
        if mode == AutoresetMode.SAME_STEP:
            begun = over
        elif mode == AutoresetMode.DISABLED and over.any():
            observations, infos = envs.reset(options={"reset_mask": over})
            begun = over
        if begun.any():
            seeds = [told["state"]["seed"] for told in envs.states()]
            for i in np.flatnonzero(begun):
                rngs[i] = np.random.default_rng(i)
                traces[i].append(_begun(observations, infos, seeds, i))
        if all(len(trace) > episodes for trace in traces):
            return [trace[:episodes] for trace in traces]
    raise AssertionError("Four hundred steps were too few.")


def _begun(observations: Any, infos: dict[str, Any], seeds: list[int], i: int) -> Episode:
    return Episode([(observations[i].tobytes(), infos["action_mask"][i].tobytes())], seeds[i])
