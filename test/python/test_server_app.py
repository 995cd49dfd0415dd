"""The ways in which OpenEnv's tools start an environment; each becomes the Node server."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from conftest import ONCALL, PACKAGE, ROOT, StartServer

SCRIPT = Path(sys.executable).with_name("server")


@pytest.mark.parametrize(
    "command",
    [[str(SCRIPT)], [sys.executable, "-m", "oncall_gym.server.app"]],
    ids=["the script", "the module"],
)
def test_it_becomes_the_server(start_server: StartServer, command: list[str]) -> None:
    url = start_server("--workers", "1", command=[*command, "--host", "127.0.0.1"])
    assert httpx.get(f"{url}/health").json() == {"status": "healthy"}


def test_uvicorn_starts_it_as_an_application(start_server: StartServer) -> None:
    starter = [sys.executable, "-m", "uvicorn", "server.app:app", "--app-dir", str(PACKAGE), "--host", "127.0.0.1"]
    url = start_server(command=starter)
    assert httpx.get(f"{url}/metadata").json()["name"] == "oncall_gym"


def test_without_oncall_it_says_what_to_do(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("ONCALL_")}
    run = subprocess.run([SCRIPT], env={**env, "PATH": str(tmp_path)}, capture_output=True, text=True)
    assert run.returncode == 1
    assert "ONCALL_COMMAND" in run.stderr


def test_other_machines_are_not_let_in_silently() -> None:
    env = {**os.environ, "ONCALL_COMMAND": shlex.join(ONCALL)}
    run = subprocess.run([SCRIPT, "--host", "0.0.0.0"], cwd=ROOT, env=env, capture_output=True, text=True)
    assert run.returncode == 2
    assert "ONCALL_CONTROL_TOKEN" in run.stderr
