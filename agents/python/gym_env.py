"""Incidents as a Gymnasium environment of numbers: features, discrete actions, and a mask of what is valid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from .vector_connection import INVALID, Batch, VectorConnection, VectorSpec
from .vector_env import TRAINING_SEEDS


class OncallGymEnv(gymnasium.Env[NDArray[np.float32], np.int64]):
    """
    One incident after another: a single environment of those that `OncallVectorEnv` has many of, with the same numbers.

    - **Observation**: float32 of shape (D,): what the agent was shown; `table.features` names them.
    - **Action**: an index into `table.actions`.
    - **Reward**: sums to the score in [0, 1] over an episode.
    - **Terminated** by `resolve_incident` or `escalate`; **truncated** when the steps are used up.
    - **info**: `action_mask`, int8 of shape (A,): 1 where an action is valid now, as `action_space.sample` takes it.
      `invalid_action`: whether the last one was not. At the end `verdict` with the score and how it came about.

    `reset(options={"task_id": …})` plays a certain task.

    Args:
        url: Base address of the server; by default `ONCALL_URL`, or port 8000 of this machine.
        token: The server's control token, where it wants one; by default `ONCALL_CONTROL_TOKEN`.
        split: `train`, `dev`, `test` or `all`; by default `train`.
        difficulty: `easy`, `medium` or `hard`; by default any.
        task_ids: Tasks to draw from; by default all of the split.
        reward_mode: `telescoped`, `sparse` or `potential`; by default the first.
        timeout_s: How long connecting, and a reply, may take.
        render_mode: None; `OncallTextEnv` shows episodes.

    Raises:
        OncallError: `CONNECT_FAILED` when there is no server. Options are checked at the first reset: `BAD_OPTION`.
    """

    metadata: dict[str, Any] = {"render_modes": []}

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        split: str | None = None,
        difficulty: str | None = None,
        task_ids: Sequence[str] | None = None,
        reward_mode: str | None = None,
        timeout_s: float = 60.0,
        render_mode: str | None = None,
    ) -> None:
        if render_mode is not None:
            raise ValueError(f"Expected render_mode to be None, got {render_mode!r}.")
        self.render_mode = None
        self.table = VectorSpec.of(url, token, timeout_s)
        self.observation_space = spaces.Box(self.table.low, self.table.high, dtype=np.float32)
        self.action_space = spaces.Discrete(len(self.table.actions))
        self._connection = VectorConnection(
            1,
            url,
            token,
            timeout_s,
            autoreset="disabled",
            split=split,
            difficulty=difficulty,
            task_ids=None if task_ids is None else list(task_ids),
            reward_mode=reward_mode,
        )
        self._mask = np.ones(len(self.table.actions), np.uint8)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Starts an episode; without a seed, one is drawn from `np_random`, which the last given seed began."""
        super().reset(seed=seed)
        unknown = [name for name in options or {} if name != "task_id"]
        if unknown:
            raise ValueError(f"Expected options task_id, got {', '.join(unknown)}.")
        episode_seed = int(self.np_random.integers(TRAINING_SEEDS)) if seed is None else int(seed)
        batch = self._connection.reset([episode_seed], [(options or {}).get("task_id")])
        return batch.observations[0], self._info(batch)

    def step(self, action: np.int64 | int) -> tuple[NDArray[np.float32], float, bool, bool, dict[str, Any]]:
        """
        Carries out one action.

        Raises:
            OncallError: `NOT_RESET`, `EPISODE_DONE`, `CONNECTION_LOST`
            ValueError: for what is no index into the table
        """
        if not self.action_space.contains(action):
            raise ValueError(f"Expected an action from 0 to {len(self.table.actions) - 1}, got {action!r}.")
        batch = self._connection.step(np.array([action], np.uint16))
        terminated, truncated = bool(batch.terminated[0]), bool(batch.truncated[0])
        info = self._info(batch)
        if terminated or truncated:
            info["verdict"] = self._connection.info()[0]["last_episode"]
        return batch.observations[0], float(batch.rewards[0]), terminated, truncated, info

    def action_masks(self) -> NDArray[np.bool_]:
        """Which actions are valid now, shape (A,), as MaskablePPO asks for it. All of them when the episode is over."""
        return self._mask.view(np.bool_)

    def state(self) -> dict[str, Any]:
        """Control plane: where the episode stands, with task and seed."""
        state: dict[str, Any] = self._connection.info()[0]["state"]
        return state

    def close(self) -> None:
        """Frees the episode's place on the server."""
        self._connection.close()

    def _info(self, batch: Batch) -> dict[str, Any]:
        self._mask = batch.masks()[0]
        return {"action_mask": self._mask.view(np.int8), "invalid_action": bool(batch.flags[0] & INVALID)}
