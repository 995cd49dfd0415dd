"""The way to a server: its address, its HTTP calls, and a WebSocket with one reply for each frame, in order."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

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


def server_url(url: str | None = None) -> str:
    """The given address, that of `ONCALL_URL`, or port 8000 of this machine; without a slash at its end."""
    return (url or os.environ.get("ONCALL_URL") or DEFAULT_URL).rstrip("/")


def ask_http(
    url: str | None, path: str, *, body: object = None, token: str | None = None, timeout_s: float = 60.0
) -> Any:
    """
    The JSON that a path answers: to a POST where there is a body, to a GET otherwise.

    Raises:
        OncallError: `HTTP_404` and the like with what the server said, `CONNECT_FAILED`.
    """
    address = f"{server_url(url)}{path}"
    sent = None if body is None else json.dumps(body).encode()
    request = Request(address, sent, {"Content-Type": "application/json", **_authorization(token)})
    opener = build_opener(ProxyHandler({})) if _is_local(address) else build_opener()
    try:
        with opener.open(request, timeout=timeout_s) as response:
            return json.load(response)
    except HTTPError as refusal:
        said = refusal.read(1024).decode(errors="replace")
        raise OncallError(f"HTTP_{refusal.code}", f"{address}: {said}") from refusal
    except (OSError, ValueError) as cause:
        raise OncallError("CONNECT_FAILED", f"Could not connect to {address}: {cause}") from cause


class Wire:
    """
    A WebSocket of a server. None is opened before it is asked for, so that a fresh one can be pickled. Not for use by
    two threads at once.

    Args:
        url: Base address of the server, with or without a path prefix; see `server_url`.
        path: `/ws` or `/vector`.
        token: The server's control token, where it wants one; by default `ONCALL_CONTROL_TOKEN`.
        timeout_s: How long connecting, and a reply, may take.
    """

    def __init__(self, url: str | None, path: str, *, token: str | None = None, timeout_s: float = 60.0) -> None:
        self.url = server_url(url)
        self._path = path
        self._token = token
        self._timeout_s = timeout_s
        self._stack = ExitStack()
        self._socket: ClientConnection | None = None

    @property
    def is_open(self) -> bool:
        return self._socket is not None

    def open(self) -> None:
        """
        Connects.

        Raises:
            OncallError: `CONNECT_FAILED`
        """
        address = f"{_websocket_url(self.url)}{self._path}"
        try:
            self._socket = self._stack.enter_context(
                connect(
                    address,
                    additional_headers=_authorization(self._token),
                    compression=None,
                    # A batch of a thousand environments has megabytes.
                    max_size=None,
                    proxy=None if _is_local(self.url) else True,
                    open_timeout=self._timeout_s,
                    close_timeout=2,
                    # A trainer may hold the interpreter for minutes; the server's own pings find out who is gone.
                    ping_interval=None,
                )
            )
        except (WebSocketException, OSError, ValueError) as cause:
            raise OncallError("CONNECT_FAILED", f"Could not connect to {address}: {cause}") from cause

    def ask(self, frame: Mapping[str, Any] | bytes) -> Any:
        """
        Sends a frame and returns the data of its reply, or the bytes of a binary one. A reply that is late would be
        taken for the next one's: then the connection is given up.

        Raises:
            OncallError: what an error frame says; `CONNECTION_LOST`, `TIMED_OUT`
        """
        if self._socket is None:
            raise OncallError("NOT_RESET", "reset() must be called before step().")
        try:
            self._socket.send(frame if isinstance(frame, bytes) else json.dumps(frame))
            reply = self._socket.recv(timeout=self._timeout_s)
        except ConnectionClosed as cause:
            self.drop()
            raise OncallError("CONNECTION_LOST", f"The server closed the connection: {cause}") from cause
        except TimeoutError as cause:
            self.drop()
            raise OncallError("TIMED_OUT", f"No reply within {self._timeout_s} s.") from cause
        return reply if isinstance(reply, bytes) else self._data(reply)

    def close(self) -> None:
        """Frees what is held on the server. Twice does no harm."""
        if self._socket is not None:
            with suppress(WebSocketException, OSError):
                self._socket.send('{"type":"close"}')
        self.drop()

    def drop(self) -> None:
        """Gives the connection up."""
        self._socket = None
        self._stack.close()

    def _data(self, text: str) -> Any:
        try:
            reply = json.loads(text)
            kind, data = reply["type"], reply["data"]
        except (ValueError, KeyError, TypeError) as cause:
            self.drop()
            raise OncallError("CONNECTION_LOST", "What the server sent is no reply.") from cause
        if kind != "error":
            return data
        if data["code"] in ("CAPACITY_REACHED", "SESSION_ERROR"):
            self.drop()
        raise OncallError(data.get("reason", data["code"]), data["message"])

    def __del__(self) -> None:
        # The library's own thread keeps a forgotten socket alive, and with it the server's slots.
        with suppress(Exception):
            self.close()


def _is_local(url: str) -> bool:
    """Whether an address is this machine's own, where no proxy stands between."""
    return urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")


def _authorization(token: str | None) -> dict[str, str]:
    """The header that carries the control token, given or in `ONCALL_CONTROL_TOKEN`; empty without one."""
    found = token or os.environ.get("ONCALL_CONTROL_TOKEN")
    return {"Authorization": f"Bearer {found}"} if found else {}


def _websocket_url(url: str) -> str:
    """`https://…` → `wss://…`"""
    return f"ws{url.removeprefix('http')}" if url.startswith("http") else url
