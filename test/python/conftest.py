"""Every check plays against a real server: `oncall serve`, a child of the check on a free port of this machine."""

from __future__ import annotations

import os
import queue
import re
import shlex
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "agents" / "python"
ONCALL = shlex.split(os.environ.get("ONCALL_COMMAND", "node --import tsx eval/cli/main.ts"))
START_S = 60

StartServer = Callable[..., str]


@contextmanager
def running_server(*flags: str, command: list[str] | None = None) -> Iterator[str]:
    """The address of a server that stores nothing; it is stopped at the end, and has to stop in good order."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("ONCALL_")}
    child = subprocess.Popen(
        [*(command or [*ONCALL, "serve", "--no-db"]), "--port", "0", *flags],
        cwd=ROOT,
        env={**env, "ONCALL_COMMAND": shlex.join([*ONCALL])},
        stderr=subprocess.PIPE,
        text=True,
    )
    said: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    reader = threading.Thread(target=_read, args=(child, said), daemon=True)
    reader.start()
    try:
        yield _address(said)
        child.terminate()
        assert child.wait(15) == 0
    finally:
        child.kill()
        child.wait()


def _read(child: subprocess.Popen[str], said: queue.SimpleQueue[str | None]) -> None:
    """Takes what the child says for as long as it lives, so that it never waits for a reader."""
    assert child.stderr is not None
    for line in child.stderr:
        said.put(line)
    said.put(None)


def _address(said: queue.SimpleQueue[str | None]) -> str:
    heard = ""
    while (line := said.get(timeout=START_S)) is not None:
        heard += line
        found = re.search(r"listens on (http://\S+)", line)
        if found:
            return found[1]
    raise RuntimeError(f"The server ended instead of listening:\n{heard}")


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """A server with its defaults, shared by all checks; the package's own default address leads to it."""
    with running_server() as address, pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONCALL_URL", address)
        yield address


@pytest.fixture
def start_server() -> Iterator[StartServer]:
    """Starts further servers with flags of their own, for one check."""
    with ExitStack() as stack:
        yield lambda *flags, **options: stack.enter_context(running_server(*flags, **options))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("filterwarnings", "error::pytest.PytestUnhandledThreadExceptionWarning")
