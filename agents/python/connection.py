"""One episode slot of a server: a WebSocket with one reply for each frame, in order."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect

DEFAULT_URL = "http://127.0.0.1:8000"


class OncallError(RuntimeError):
    """
    The server refused, or cannot be reached.

    Attributes:
        code: `NOT_RESET`, `EPISODE_DONE`, `BAD_OPTION`, `CAPACITY_REACHED` and other codes of the protocol;
            `CONNECT_FAILED`, `CONNECTION_LOST` and `TIMED_OUT` for the way there.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{message} ({code})")
        self.code = code


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


def server_url(url: str | None = None) -> str:
    """The given address, that of `ONCALL_URL`, or port 8000 of this machine; without a slash at its end."""
    return (url or os.environ.get("ONCALL_URL") or DEFAULT_URL).rstrip("/")


def is_local(url: str) -> bool:
    """Whether an address is this machine's own, where no proxy stands between."""
    return urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")


def authorization(token: str | None = None) -> dict[str, str]:
    """The header that carries the control token, given or in `ONCALL_CONTROL_TOKEN`; empty without one."""
    found = token or os.environ.get("ONCALL_CONTROL_TOKEN")
    return {"Authorization": f"Bearer {found}"} if found else {}


class Connection:
    """
    A session with a server, for one episode after another. No socket is opened before the first reset, so that a fresh
    one can be pickled; a reset after the connection was lost opens another. Not for use by two threads at once.

    Args:
        url: Base address of the server, with or without a path prefix; see `server_url`.
        token: The server's control token, where it wants one; see `authorization`.
        timeout_s: How long connecting, and a reply, may take.
    """

    def __init__(self, url: str | None = None, *, token: str | None = None, timeout_s: float = 60.0) -> None:
        self.url = server_url(url)
        self._token = token
        self._timeout_s = timeout_s
        self._stack = ExitStack()
        self._socket: ClientConnection | None = None

    def reset(self, **options: Any) -> Turn:
        """
        Starts an episode. Options are `seed`, `task_id`, `split`, `index`, `difficulty`, `episode_id`, `reward_mode`
        and `text`; None means absent, and what the server does not know it names in `info["ignored_options"]`.

        Raises:
            OncallError: `BAD_OPTION` with what is accepted; a running episode then stays.
        """
        frame = {"type": "reset", "data": {name: value for name, value in options.items() if value is not None}}
        if self._socket is None:
            return _turn(self._ask(self._open(), frame))
        try:
            return _turn(self._ask(self._socket, frame))
        except OncallError as lost:
            if lost.code != "CONNECTION_LOST":
                raise
            return _turn(self._ask(self._open(), frame))

    def step(self, action: Mapping[str, Any] | str) -> Turn:
        """
        Carries out one action, in its JSON or its text form. An invalid one costs a step, changes nothing, and the
        observation says why.

        Raises:
            OncallError: `NOT_RESET` before the first reset, `EPISODE_DONE` after the end.
        """
        data = action if isinstance(action, str) else dict(action)
        return _turn(self._ask(self._opened(), {"type": "step", "data": data}))

    def state(self) -> dict[str, Any]:
        """Where the episode stands: control plane, not for the agent."""
        return self._ask(self._opened(), {"type": "state"})

    def close(self) -> None:
        """Frees the slot. Twice does no harm."""
        if self._socket is not None:
            with suppress(WebSocketException, OSError):
                self._socket.send('{"type":"close"}')
        self._drop()

    def _opened(self) -> ClientConnection:
        if self._socket is None:
            raise OncallError("NOT_RESET", "reset() must be called before step().")
        return self._socket

    def _open(self) -> ClientConnection:
        address = f"{_websocket_url(self.url)}/ws"
        try:
            self._socket = self._stack.enter_context(
                connect(
                    address,
                    additional_headers=authorization(self._token),
                    compression=None,
                    proxy=None if is_local(self.url) else True,
                    open_timeout=self._timeout_s,
                    close_timeout=2,
                    # A trainer may hold the interpreter for minutes; the server's own pings find out who is gone.
                    ping_interval=None,
                )
            )
        except (WebSocketException, OSError) as cause:
            raise OncallError("CONNECT_FAILED", f"Could not connect to {address}: {cause}") from cause
        return self._socket

    def _ask(self, socket: ClientConnection, frame: Mapping[str, Any]) -> dict[str, Any]:
        """Sends a frame and returns the data of its reply. A reply that is late would be taken for the next one's."""
        try:
            socket.send(json.dumps(frame))
            reply = json.loads(socket.recv(timeout=self._timeout_s))
        except ConnectionClosed as cause:
            self._drop()
            raise OncallError("CONNECTION_LOST", f"The server closed the connection: {cause}") from cause
        except TimeoutError as cause:
            self._drop()
            raise OncallError("TIMED_OUT", f"No reply within {self._timeout_s} s.") from cause
        data: dict[str, Any] = reply["data"]
        if reply["type"] == "error":
            if data["code"] in ("CAPACITY_REACHED", "SESSION_ERROR"):
                self._drop()
            raise OncallError(data.get("reason", data["code"]), data["message"])
        return data

    def _drop(self) -> None:
        self._socket = None
        self._stack.close()

    def __del__(self) -> None:
        # The library's own thread keeps a forgotten socket alive, and with it the server's slot.
        with suppress(Exception):
            self.close()


def _turn(data: Mapping[str, Any]) -> Turn:
    metadata = data["metadata"]
    return Turn(
        observation={name: value for name, value in data["observation"].items() if name != "metadata"},
        reward=data["reward"],
        terminated=metadata["terminated"],
        truncated=metadata["truncated"],
        info=metadata["info"],
    )


def _websocket_url(url: str) -> str:
    """`https://…` → `wss://…`"""
    return f"ws{url.removeprefix('http')}" if url.startswith("http") else url
