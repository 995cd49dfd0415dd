"""OpenEnv's own server with an environment that only counts: what its users have before an environment costs anything.

Usage: openenv_server.py BYTES. Replies are about that long. Prints its port and serves until it is killed.
"""

import socket
import sys

import uvicorn
from openenv.core.env_server import Action, Environment, Observation, State, create_fastapi_app

MOST_SESSIONS = 4096


class Count(Action):
    """Takes one step."""


class Counted(Observation):
    """Says how many, and is as long as an observation of ours."""

    steps: int
    text: str


class Counting(Environment):
    SUPPORTS_CONCURRENT_SESSIONS = True
    text = ""

    def __init__(self):
        super().__init__()
        self._state = State(episode_id="counting", step_count=0)

    def reset(self, seed=None, episode_id=None, **options):
        self._state = State(episode_id=episode_id or "counting", step_count=0)
        return self._counted()

    def step(self, action, timeout_s=None, **options):
        self._state.step_count += 1
        return self._counted()

    @property
    def state(self):
        return self._state

    def _counted(self):
        return Counted(steps=self._state.step_count, text=Counting.text, done=False, reward=0.0)


if __name__ == "__main__":
    Counting.text = "x" * max(0, int(sys.argv[1]) - 93)  # the rest of a reply
    app = create_fastapi_app(Counting, Count, Counted, max_concurrent_envs=MOST_SESSIONS)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="error", backlog=MOST_SESSIONS)).run(sockets=[listener])
