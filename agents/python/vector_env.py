"""Many incidents at once for Gymnasium, as numbers: one message to the server for each step of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium import spaces
from gymnasium.error import ClosedEnvironmentError
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from .vector_connection import ENDINGS, INVALID, Batch, VectorConnection, VectorSpec

TRAINING_SEEDS = 1_000_000
"""Seeds from 0 up to this are for training; evaluations use others."""

_AUTORESETS = {
    AutoresetMode.NEXT_STEP: "next_step",
    AutoresetMode.SAME_STEP: "same_step",
    AutoresetMode.DISABLED: "disabled",
}
_RESET_OPTIONS = ("reset_mask", "task_ids")


class OncallVectorEnv(VectorEnv[NDArray[np.float32], NDArray[Any], NDArray[Any]]):
    """
    N incidents side by side, over one binary WebSocket.

    - **Observation**: float32 of shape (N, D): what the agent was shown, as numbers; `table.features` names them.
    - **Action**: indexes into `table.actions`, shape (N,).
    - **Reward**, **terminated**, **truncated**: of shape (N,); rewards sum to the score in [0, 1] over an episode.
    - **info**: `action_mask`, int8 of shape (N, A): 1 where an action is valid now. `invalid_action`: whether the last
      one was not. For episodes that ended in this step `verdict` with `score`, `return`, `steps` and `ending`, and
      under `SAME_STEP` `final_obs`; `states()` has the full verdict. `info` is for the trainer, not for the agent.

    Arrays are views of the message they came in: copy one before writing into it. They stay as they are.

    `reset(seed=s)` gives environment i the seed s + i, and each goes on with a stream of its own from there: without a
    seed, with `reset_mask` and by autoreset alike. Before any seed was given, seeds are drawn from `np_random`.
    `reset(options=…)` takes `reset_mask` (booleans: which environments are reset) and `task_ids` (one or None each).

    Args:
        num_envs: How many; each takes an episode's place on the server.
        url: Base address of the server; by default `ONCALL_URL`, or port 8000 of this machine.
        token: The server's control token, where it wants one; by default `ONCALL_CONTROL_TOKEN`.
        autoreset_mode: When an environment whose episode is over starts its next one; also in `metadata`.
        split: `train`, `dev`, `test` or `all`; by default `train`.
        difficulty: `easy`, `medium` or `hard`; by default any.
        task_ids: Tasks to draw from; by default all of the split.
        reward_mode: `telescoped`, `sparse` or `potential`; by default the first.
        timeout_s: How long connecting, and a reply, may take.

    Raises:
        OncallError: `CONNECT_FAILED` when there is no server. Options are checked at the first reset: `BAD_OPTION`.
    """

    metadata: dict[str, Any] = {"render_modes": [], "autoreset_mode": AutoresetMode.NEXT_STEP}

    def __init__(
        self,
        num_envs: int = 1,
        url: str | None = None,
        token: str | None = None,
        *,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        split: str | None = None,
        difficulty: str | None = None,
        task_ids: Sequence[str] | None = None,
        reward_mode: str | None = None,
        timeout_s: float = 60.0,
    ) -> None:
        if not isinstance(num_envs, int) or num_envs < 1:
            raise ValueError(f"Expected num_envs to be a whole number of at least 1, got {num_envs!r}.")
        mode = AutoresetMode(autoreset_mode)
        self.num_envs = num_envs
        self.metadata = {**self.metadata, "autoreset_mode": mode}
        self.table = VectorSpec.of(url, token, timeout_s)
        self.single_observation_space = spaces.Box(self.table.low, self.table.high, dtype=np.float32)
        self.single_action_space = spaces.Discrete(len(self.table.actions))
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._connection = VectorConnection(
            num_envs,
            url,
            token,
            timeout_s,
            autoreset=_AUTORESETS[mode],
            split=split,
            difficulty=difficulty,
            task_ids=None if task_ids is None else list(task_ids),
            reward_mode=reward_mode,
        )
        self._masks = np.ones((num_envs, len(self.table.actions)), np.uint8)

    def reset(
        self,
        *,
        seed: int | Sequence[int | None] | None = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """
        Starts episodes: all of them, or those that `options["reset_mask"]` names.

        Raises:
            OncallError: `BAD_OPTION`; every episode then stays as it was
        """
        self._check_open()
        super().reset(seed=seed if isinstance(seed, int) else None)
        task_ids, reset_mask = self._reset_options(options or {})
        batch = self._connection.reset(self._seeds(seed), task_ids, reset_mask)
        return batch.observations, self._infos(batch)

    def step(
        self, actions: NDArray[Any]
    ) -> tuple[NDArray[np.float32], NDArray[Any], NDArray[Any], NDArray[Any], dict[str, Any]]:
        """
        Carries out one action for each environment.

        Raises:
            OncallError: `NOT_RESET`, `EPISODE_DONE`, `CONNECTION_LOST`
            ValueError: for what is not one index into the table for each environment
        """
        self._check_open()
        batch = self._connection.step(self._indexes(actions))
        return batch.observations, batch.rewards, batch.terminated, batch.truncated, self._infos(batch)

    def action_masks(self) -> NDArray[np.bool_]:
        """Which actions are valid now, shape (N, A). All of them where an episode is over."""
        return self._masks.view(np.bool_)

    def states(self, envs: Sequence[int] | None = None) -> list[dict[str, Any]]:
        """Control plane: for each environment `state`, with task and seed, and `last_episode`, its last verdict."""
        return self._connection.info(envs)

    def close_extras(self, **_kwargs: Any) -> None:
        """Frees the episodes' places on the server."""
        self._connection.close()

    def _check_open(self) -> None:
        if self.closed:
            raise ClosedEnvironmentError("The vector environment is closed.")

    def _seeds(self, seed: int | Sequence[int | None] | None) -> list[int | None]:
        if isinstance(seed, (int, np.integer)):
            return [int(seed) + i for i in range(self.num_envs)]
        if seed is not None:
            if len(seed) != self.num_envs:
                raise ValueError(f"Expected one seed for each of {self.num_envs} environments, got {len(seed)}.")
            return [None if one is None else int(one) for one in seed]
        if self._connection.is_open:
            return [None] * self.num_envs
        return [int(one) for one in self.np_random.integers(TRAINING_SEEDS, size=self.num_envs)]

    def _reset_options(self, options: dict[str, Any]) -> tuple[list[str | None] | None, list[bool] | None]:
        unknown = [name for name in options if name not in _RESET_OPTIONS]
        if unknown:
            raise ValueError(f"Expected options {', '.join(_RESET_OPTIONS)}, got {', '.join(unknown)}.")
        task_ids, mask = options.get("task_ids"), options.get("reset_mask")
        return (
            None if task_ids is None else list(task_ids),
            None if mask is None else [bool(one) for one in mask],
        )

    def _indexes(self, actions: Any) -> NDArray[np.uint16]:
        indexes = np.asarray(actions)
        if indexes.shape != (self.num_envs,) or not np.issubdtype(indexes.dtype, np.integer):
            raise ValueError(
                f"Expected whole numbers of shape ({self.num_envs},), got {indexes.dtype} of shape {indexes.shape}."
            )
        if indexes.min() < 0 or indexes.max() >= len(self.table.actions):
            raise ValueError(f"Expected actions from 0 to {len(self.table.actions) - 1}, got {indexes.tolist()}.")
        return indexes.astype(np.uint16)

    def _infos(self, batch: Batch) -> dict[str, Any]:
        self._masks = batch.masks()
        everywhere = np.ones(self.num_envs, np.bool_)
        infos: dict[str, Any] = {
            "action_mask": self._masks.view(np.int8),
            "_action_mask": everywhere,
            "invalid_action": (batch.flags & INVALID) != 0,
            "_invalid_action": everywhere,
        }
        if len(batch.ended) > 0:
            infos.update(self._verdicts(batch.ended))
        return infos

    def _verdicts(self, ended: NDArray[np.void]) -> dict[str, Any]:
        """What came of the episodes that ended, in the form that Gymnasium gives the infos of many environments."""
        where = np.zeros(self.num_envs, np.bool_)
        where[ended["env"]] = True
        verdict: dict[str, Any] = {}
        for name in ("score", "return", "steps"):
            verdict[name] = np.zeros(self.num_envs, ended[name].dtype)
            verdict[name][ended["env"]] = ended[name]
        verdict["ending"] = np.full(self.num_envs, None, object)
        verdict["ending"][ended["env"]] = [ENDINGS.get(int(one), "cut") for one in ended["ending"]]
        infos: dict[str, Any] = {"verdict": {**verdict, **{f"_{name}": where for name in verdict}}, "_verdict": where}
        if "final" in (ended.dtype.names or ()):
            infos["final_obs"] = np.full(self.num_envs, None, object)
            for record in ended:
                infos["final_obs"][record["env"]] = record["final"]
            infos["_final_obs"] = where
        return infos
