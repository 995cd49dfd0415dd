"""Many incidents at once for Stable-Baselines3, whose vector environments begin the next episode in the same step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode
from numpy.typing import NDArray
from stable_baselines3.common.vec_env import VecEnv

from .vector_env import OncallVectorEnv


class OncallVecEnv(VecEnv):
    """
    `OncallVectorEnv` as Stable-Baselines3 has its vector environments: `PPO` takes it, and `MaskablePPO` of sb3-contrib
    finds `action_masks`. `VecMonitor` around it counts returns and lengths.

    `seed()` and `set_options({"task_id": …})` hold for the next reset; without a seed each environment goes on with its
    own stream. The info of an ended episode holds `terminal_observation`, `TimeLimit.truncated` and `verdict`.

    Args:
        num_envs: How many; each takes an episode's place on the server.
        options: What else `OncallVectorEnv` takes, but `autoreset_mode`.

    Raises:
        OncallError: `CONNECT_FAILED` when there is no server. Options are checked at the first reset: `BAD_OPTION`.
    """

    def __init__(self, num_envs: int, **options: Any) -> None:
        self.env = OncallVectorEnv(num_envs, autoreset_mode=AutoresetMode.SAME_STEP, **options)
        super().__init__(num_envs, self.env.single_observation_space, self.env.single_action_space)
        self._actions: NDArray[Any] = np.zeros(num_envs, np.int64)

    def reset(self) -> NDArray[np.float32]:
        """Starts all episodes anew."""
        unknown = {name for options in self._options for name in options if name != "task_id"}
        if unknown:
            raise ValueError(f"Expected options task_id, got {', '.join(sorted(unknown))}.")
        task_ids = [options.get("task_id") for options in self._options]
        given = any(seed is not None for seed in self._seeds)
        observations, _ = self.env.reset(seed=self._seeds if given else None, options={"task_ids": task_ids})
        self.reset_infos: list[dict[str, Any]] = [{} for _ in range(self.num_envs)]
        self._reset_seeds()
        self._reset_options()
        return observations.copy()

    def step_async(self, actions: NDArray[Any]) -> None:
        """Keeps the actions for `step_wait`."""
        self._actions = actions

    def step_wait(self) -> tuple[NDArray[np.float32], NDArray[Any], NDArray[np.bool_], list[dict[str, Any]]]:
        """Carries the actions out. Observations and rewards are copies, because trainers write into them."""
        observations, rewards, terminated, truncated, told = self.env.step(self._actions)
        infos: list[dict[str, Any]] = [{} for _ in range(self.num_envs)]
        dones = terminated | truncated
        for i in np.flatnonzero(dones):
            verdict = {name: told["verdict"][name][i] for name in ("score", "return", "steps", "ending")}
            infos[i] = {
                "terminal_observation": told["final_obs"][i],
                "TimeLimit.truncated": bool(truncated[i] and not terminated[i]),
                "verdict": verdict,
            }
        return observations.copy(), rewards.copy(), dones, infos

    def action_masks(self) -> NDArray[np.bool_]:
        """Which actions are valid now, shape (N, A)."""
        return self.env.action_masks()

    def close(self) -> None:
        """Frees the episodes' places on the server. Twice does no harm."""
        self.env.close()

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        """What all environments have in common, once for each."""
        return [getattr(self.env, attr_name) for _ in self._get_indices(indices)]

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        """Refused: the environments live on the server."""
        raise AttributeError(f"Environments on a server have no attribute {attr_name!r} to set. Use set_options().")

    def env_method(self, method_name: str, *method_args: Any, indices: Any = None, **method_kwargs: Any) -> list[Any]:
        """`action_masks()`, row by row; there is no other method of a single environment."""
        if method_name != "action_masks":
            raise AttributeError(f'Environments on a server have the method "action_masks", got {method_name!r}.')
        masks = self.action_masks()
        return [masks[i] for i in self._get_indices(indices)]

    def env_is_wrapped(self, wrapper_class: type, indices: Any = None) -> list[bool]:
        """None is."""
        return [False for _ in self._get_indices(indices)]

    def get_images(self) -> Sequence[None]:
        """There are none."""
        return [None] * self.num_envs
