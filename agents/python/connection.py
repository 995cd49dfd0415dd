"""One episode slot of a server: a WebSocket with one reply for each frame, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .wire import OncallError, Wire


@dataclass(frozen=True)
class Turn:
    """What a reset or step gives back, under Gymnasium's names. The agent may see `observation` and nothing else."""

    observation: dict[str, Any]
    reward: float | None
    """None after a reset; finite after every step."""
    terminated: bool
    truncated: bool
    info: dict[str, Any] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        return self.terminated or self.truncated

    @property
    def text(self) -> str:
        """The observation as text, at most 4 KiB of UTF-8."""
        return str(self.observation.get("text", ""))


class Connection:
    """
    A session with a server, for one episode after another. No socket is opened before the first reset, so that a fresh
    one can be pickled; a reset after the connection was lost opens another. Not for use by two threads at once.

    Args:
        url: Base address of the server, with or without a path prefix; by default `ONCALL_URL`, or port 8000 here.
        token: The server's control token, where it wants one; by default `ONCALL_CONTROL_TOKEN`.
        timeout_s: How long connecting, and a reply, may take.
    """

    def __init__(self, url: str | None = None, *, token: str | None = None, timeout_s: float = 60.0) -> None:
        self._wire = Wire(url, "/ws", token=token, timeout_s=timeout_s)

    def reset(self, **options: Any) -> Turn:
        """
        Starts an episode. Options are `seed`, `task_id`, `split`, `index`, `difficulty`, `episode_id`, `reward_mode`
        and `text`; None means absent, and what the server does not know it names in `info["ignored_options"]`.

        Raises:
            OncallError: `BAD_OPTION` with what is accepted; a running episode then stays.
        """
        frame = {"type": "reset", "data": {name: value for name, value in options.items() if value is not None}}
        if self._wire.is_open:
            try:
                return _turn(self._wire.ask(frame))
            except OncallError as lost:
                if lost.code != "CONNECTION_LOST":
                    raise
        self._wire.open()
        return _turn(self._wire.ask(frame))

    def step(self, action: Mapping[str, Any] | str) -> Turn:
        """
        Carries out one action, in its JSON or its text form. An invalid one costs a step, changes nothing, and the
        observation says why.

        Raises:
            OncallError: `NOT_RESET` before the first reset, `EPISODE_DONE` after the end.
        """
        data = action if isinstance(action, str) else dict(action)
        return _turn(self._wire.ask({"type": "step", "data": data}))

    def state(self) -> dict[str, Any]:
        """Where the episode stands: control plane, not for the agent."""
        state: dict[str, Any] = self._wire.ask({"type": "state"})
        return state

    def close(self) -> None:
        """Frees the slot. Twice does no harm."""
        self._wire.close()


def _turn(data: Mapping[str, Any]) -> Turn:
    metadata = data["metadata"]
    return Turn(
        observation={name: value for name, value in data["observation"].items() if name != "metadata"},
        reward=data["reward"],
        terminated=metadata["terminated"],
        truncated=metadata["truncated"],
        info=metadata["info"],
    )
