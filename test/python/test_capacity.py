"""A full server says so, and the slot of a client that is gone is free at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from conftest import StartServer
from openenv import GenericEnvClient

FULL = "CAPACITY_REACHED"


@pytest.mark.parametrize("wait_s", [0.0, 1.5], ids=["that sends at once", "that waits"])
def test_the_client_after_the_last_slot_is_told(start_server: StartServer, wait_s: float) -> None:
    url = start_server("--max-sessions", "2")
    with GenericEnvClient(base_url=url).sync() as first, GenericEnvClient(base_url=url).sync() as second:
        first.reset(seed=1)
        second.reset(seed=2)
        with GenericEnvClient(base_url=url).sync() as third:
            time.sleep(wait_s)  # the refusal has to outlast a client that says nothing for a while
            with pytest.raises(RuntimeError, match=FULL):
                third.reset(seed=3)
        assert first.state()["seed"] == 1
    with GenericEnvClient(base_url=url).sync() as fourth:
        assert fourth.reset(seed=4).done is False


PLAYER = """
import sys
from oncall_gym import Connection
connection = Connection(sys.argv[1])
connection.reset(seed=1)
print("playing", flush=True)
sys.stdin.read()
"""


def test_killed_clients_free_their_slots(start_server: StartServer) -> None:
    url = start_server("--max-sessions", "2")
    players = [_player(url) for _ in range(2)]
    for player in players:
        os.kill(player.pid, signal.SIGKILL)
        player.wait()
    with GenericEnvClient(base_url=url).sync() as one, GenericEnvClient(base_url=url).sync() as other:
        assert one.reset(seed=1).done is False
        assert other.reset(seed=2).done is False


def _player(url: str) -> subprocess.Popen[str]:
    """A process with an open episode."""
    player = subprocess.Popen(
        [sys.executable, "-c", PLAYER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert player.stdout is not None
    assert player.stdout.readline() == "playing\n"
    return player
