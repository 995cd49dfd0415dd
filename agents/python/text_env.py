"""Incidents as a Gymnasium environment of text: what a person in the terminal reads and types."""

from __future__ import annotations

import string
from typing import Any

import gymnasium
from gymnasium import spaces

from .catalogue import LONGEST_FREE_TEXT, LONGEST_OBSERVATION
from .connection import Connection

TRAINING_SEEDS = 1_000_000
"""Seeds from 0 up to this are for training; evaluations use others."""

_PRINTABLE = "".join(sorted(set(string.printable) - set("\t\n\r\v\f")))
_ELLIPSIS = "\u2026"  # stands where the environment cuts a long text of the agent short


class OncallTextEnv(gymnasium.Env[str, str]):
    """
    One incident after another, over the server's WebSocket.

    - **Observation**: text of at most 4 KiB: the page, the objectives, what is left, and what the last action gave.
    - **Action**: the text form of an action, such as `update_config(cache, ttl_s, 300)`. What is none costs a step and
      changes nothing.
    - **Reward**: sums to the score in [0, 1] over an episode (`reward_mode` as a reset option says how).
    - **Terminated** by `resolve_incident` or `escalate`; **truncated** when the steps are used up.
    - **info**: control plane, not for the agent. At the end `info["verdict"]` holds the score and how it came about.

    `reset(options=…)` takes `task_id`, `split`, `index`, `difficulty`, `episode_id` and `reward_mode`.

    Args:
        url: Base address of the server; by default `ONCALL_URL`, or port 8000 of this machine.
        token: The server's control token, where it wants one; by default `ONCALL_CONTROL_TOKEN`.
        render_mode: `"ansi"`: `render()` returns the last observation.
    """

    metadata = {"render_modes": ["ansi"], "render_fps": 1}

    def __init__(self, url: str | None = None, token: str | None = None, render_mode: str | None = None) -> None:
        if render_mode not in (None, "ansi"):
            raise ValueError(f'Expected render_mode to be None or "ansi", got {render_mode!r}.')
        self.render_mode = render_mode
        self.observation_space = spaces.Text(LONGEST_OBSERVATION, charset=f"{_PRINTABLE}\n{_ELLIPSIS}")
        self.action_space = spaces.Text(LONGEST_FREE_TEXT, charset=_PRINTABLE)
        self._connection = Connection(url, token=token)
        self._text = ""

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Starts an episode; without a seed, the next of the stream that the last given seed began."""
        super().reset(seed=seed)
        episode_seed = int(self.np_random.integers(TRAINING_SEEDS)) if seed is None else seed
        turn = self._connection.reset(**{**(options or {}), "seed": episode_seed})
        self._text = turn.text
        return turn.text, turn.info

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Carries out one action in its text form."""
        turn = self._connection.step(action)
        self._text = turn.text
        info = {("verdict" if name == "episode" else name): value for name, value in turn.info.items()}
        return turn.text, float(turn.reward or 0.0), turn.terminated, turn.truncated, info

    def render(self) -> str | None:
        """The last observation, if the mode is `"ansi"`."""
        return self._text if self.render_mode == "ansi" else None

    def close(self) -> None:
        """Frees the episode's slot on the server."""
        self._connection.close()
