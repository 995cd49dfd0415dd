"""A `/vector` connection: many episodes on a server, one message for each reset and step."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .wire import OncallError, Wire, ask_http

MAGIC = b"OCV1"
STEP, BATCH = 1, 2
STEP_HEADER = struct.Struct("<4sBBHII")
BATCH_HEADER = struct.Struct("<4sBBHIIIIII")
WITH_FINALS = 2
"""Bit of a batch's fifth byte: its records carry last observations."""

FIRST, INVALID, OVER, IDLE = 1, 2, 4, 8
"""Bits of a batch's flags: a new episode begins; the action was invalid; waits for a reset; was not stepped."""

ENDINGS = {1: "resolved", 2: "escalated", 3: "step_budget"}
"""How an episode ended, as numbered in a record."""


@dataclass(frozen=True)
class VectorSpec:
    """The tables behind the numbers of a batch. They depend on the environment's version alone, never on a task."""

    env_version: str
    action_space_id: str
    """Hash of the table of actions; goes into checkpoints, as the next one does."""
    obs_space_id: str
    actions: tuple[str, ...]
    """The text form of each discrete action, such as `update_config(cache, ttl_s, 300)`."""
    features: tuple[str, ...]
    low: NDArray[np.float32]
    """What a feature is at least; shape (D,)."""
    high: NDArray[np.float32]

    @classmethod
    def of(cls, url: str | None, token: str | None, timeout_s: float) -> VectorSpec:
        """
        Asks a server.

        Raises:
            OncallError: `CONNECT_FAILED`, `HTTP_401` and the like
        """
        spec = ask_http(url, "/vector/spec", token=token, timeout_s=timeout_s)
        features = spec["features"]
        return cls(
            env_version=spec["env_version"],
            action_space_id=spec["action_space_id"],
            obs_space_id=spec["obs_space_id"],
            actions=tuple(action["text"] for action in spec["actions"]),
            features=tuple(feature["name"] for feature in features),
            low=np.array([feature["low"] for feature in features], np.float32),
            high=np.array([feature["high"] for feature in features], np.float32),
        )


@dataclass(frozen=True)
class Batch:
    """
    What came of a reset or a step of N environments. The arrays are views of the message: nothing is copied, and
    nothing can be written into them.
    """

    observations: NDArray[np.float32]
    """Shape (N, D)."""
    rewards: NDArray[np.float32]
    terminated: NDArray[np.bool_]
    truncated: NDArray[np.bool_]
    flags: NDArray[np.uint8]
    """Bits: `FIRST`, `INVALID`, `OVER`, `IDLE`."""
    packed_masks: NDArray[np.uint8]
    """Shape (N, ceil(A / 8)), least significant bit first."""
    ended: NDArray[np.void]
    """One record for each episode that ended: `env`, `score`, `return`, `steps`, `ending`, and maybe `final`."""
    num_actions: int

    def masks(self) -> NDArray[np.uint8]:
        """1 for each action that is valid now; shape (N, A)."""
        return np.unpackbits(self.packed_masks, axis=1, count=self.num_actions, bitorder="little")


class VectorConnection:
    """
    N environments on one connection. No socket is opened before the first reset; a reset of all of them to given seeds
    opens another after it was lost. Not for use by two threads at once.

    Args:
        num_envs: How many; each takes an episode's place on the server, all or none.
        url: Base address of the server; by default `ONCALL_URL`, or port 8000 of this machine.
        token: The server's control token, where it wants one; by default `ONCALL_CONTROL_TOKEN`.
        timeout_s: How long connecting, and a reply, may take.
        options: `autoreset`, `split`, `difficulty`, `task_ids`, `reward_mode`; None means absent.
    """

    def __init__(self, num_envs: int, url: str | None, token: str | None, timeout_s: float, **options: Any) -> None:
        self._num_envs = num_envs
        self._wire = Wire(url, "/vector", token=token, timeout_s=timeout_s)
        self._options = options
        self._seq = 0

    @property
    def is_open(self) -> bool:
        return self._wire.is_open

    def reset(
        self,
        seeds: Sequence[int | None],
        task_ids: Sequence[str | None] | None = None,
        reset_mask: Sequence[bool] | None = None,
    ) -> Batch:
        """
        Starts episodes. Without a seed, an environment goes on with the stream that its last one began.

        Raises:
            OncallError: `BAD_OPTION`; every episode then stays as it was. `CAPACITY_REACHED`
        """
        data = {"seeds": list(seeds), "task_ids": task_ids, "reset_mask": reset_mask}
        begins_all = reset_mask is None and None not in seeds
        if self.is_open:
            try:
                return self._play("vector_reset", data)
            except OncallError as lost:
                if lost.code != "CONNECTION_LOST" or not begins_all:
                    raise
        self._open()
        return self._play("vector_reset", data)

    def step(self, actions: NDArray[np.uint16]) -> Batch:
        """
        Carries out one action for each environment, by its index.

        Raises:
            OncallError: `NOT_RESET`; `EPISODE_DONE` where a finished one waits for a reset; nothing was done then
        """
        seq = self._seq + 1
        header = STEP_HEADER.pack(MAGIC, STEP, 0, 0, seq, len(actions))
        return self._played(seq, self._wire.ask(header + actions.astype("<u2", copy=False).tobytes()))

    def info(self, envs: Sequence[int] | None = None) -> list[dict[str, Any]]:
        """Control plane: `env`, `state` and `last_episode`, the verdict on the last one that ended, for each."""
        infos: list[dict[str, Any]] = self._wire.ask({"type": "vector_info", "data": {"envs": envs}})["envs"]
        return infos

    def close(self) -> None:
        """Frees the places on the server. Twice does no harm."""
        self._wire.close()

    def _open(self) -> None:
        self._wire.open()
        self._seq = 0
        data = {"num_envs": self._num_envs, "format": "binary", **self._options}
        try:
            self._wire.ask({"type": "vector_open", "data": {k: v for k, v in data.items() if v is not None}})
        except OncallError:
            self._wire.close()
            raise

    def _play(self, kind: str, data: dict[str, Any]) -> Batch:
        seq = self._seq + 1
        return self._played(seq, self._wire.ask({"type": kind, "data": {"seq": seq, **data}}))

    def _played(self, seq: int, message: bytes) -> Batch:
        self._seq = seq
        return read_batch(message)


def read_batch(message: bytes) -> Batch:
    """
    Takes a binary batch apart without a copy.

    Raises:
        OncallError: `CONNECTION_LOST` for bytes that are none
    """
    if len(message) < BATCH_HEADER.size or message[:5] != MAGIC + bytes([BATCH]):
        raise OncallError("CONNECTION_LOST", f"Expected a batch, got {len(message)} other bytes from the server.")
    _, _, bits, at, _, envs, features, actions, mask_bytes, ended = BATCH_HEADER.unpack_from(message)

    def block(dtype: Any, count: int) -> Any:
        nonlocal at
        found = np.frombuffer(message, dtype, count, at)
        at += found.nbytes
        return found

    observations = block("<f4", envs * features).reshape(envs, features)
    rewards = block("<f4", envs)
    terminated, truncated, flags = block(np.bool_, envs), block(np.bool_, envs), block(np.uint8, envs)
    at = _padded(at)
    packed_masks = block(np.uint8, envs * mask_bytes).reshape(envs, mask_bytes)
    at = _padded(at)
    records = block(_record(features if bits & WITH_FINALS else 0), ended)
    return Batch(observations, rewards, terminated, truncated, flags, packed_masks, records, actions)


def _record(final_features: int) -> np.dtype[np.void]:
    fields: list[Any] = [("env", "<u4"), ("score", "<f4"), ("return", "<f4"), ("steps", "<u4"), ("ending", "<u4")]
    if final_features > 0:
        fields.append(("final", "<f4", (final_features,)))
    return np.dtype(fields)


def _padded(size: int) -> int:
    """Blocks begin at multiples of four."""
    return -(-size // 4) * 4
