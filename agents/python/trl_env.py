"""Incidents for TRL's `GRPOTrainer(environment_factory=OncallToolEnv)`, and rows that name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .connection import Connection
from .tools import IncidentTools
from .wire import ask_http

if TYPE_CHECKING:
    from datasets import Dataset

ENV_NAME = "oncall_gym"
PROMPT = (
    "You are on call. Work the incident below with your tools: look before you change anything, fix the cause, see "
    "that it worked, and close the incident with a diagnosis.\n\n"
)
"""Precedes the page in the first message; TRL appends the text of the reset."""


class OncallToolEnv(IncidentTools):
    """
    One incident after another, as tools. TRL (1.9 or later) makes one instance for each rollout of a batch, offers
    every public method but `reset` and `get_reward` to the model, and adds `get_reward()` to other reward functions.

    The server's address is taken from `ONCALL_URL`, its token from `ONCALL_CONTROL_TOKEN`. No socket is opened before
    the first reset, so that the class and fresh instances can be pickled.
    """

    def __init__(self) -> None:
        self._connection = Connection()
        self._return = 0.0
        self._score: float | None = None
        self._is_open = False

    def reset(
        self,
        seed: int | None = None,
        task_id: str | None = None,
        split: str | None = None,
        index: int | None = None,
        **_columns: Any,
    ) -> str:
        """Starts the episode that a row of the dataset names, and returns its page; other columns mean nothing here."""
        self._return, self._score, self._is_open = 0.0, None, False
        turn = self._connection.reset(seed=seed, task_id=task_id, split=split, index=index)
        self._is_open = True
        return turn.text

    def get_reward(self) -> float:
        """
        The score in [0, 1] of a closed episode. One that the model left open has no score: then the sum of its rewards
        so far, which counts evidence and restored objectives, from -0.25 to 0.5.
        """
        return self._return if self._score is None else self._score

    def _act(self, **action: object) -> str:
        if not self._is_open:
            raise ValueError("The incident is closed.")
        turn = self._connection.step({name: value for name, value in action.items() if value is not None})
        self._return += turn.reward or 0.0
        if turn.done:
            self._is_open = False
            self._score = float(turn.info["episode"]["score"])
        return turn.text


def incident_rows(
    split: str = "train",
    *,
    seeds_per_task: int = 1,
    first_seed: int = 0,
    prompt: str = PROMPT,
    url: str | None = None,
    token: str | None = None,
) -> list[dict[str, Any]]:
    """
    Rows of a dataset, one for each task of a split and each seed. The trainer repeats a row for every rollout of its
    group, so that a group shares task and seed.

    Args:
        split: `train`, `dev` or `test`; what is in `test` is never trained on.
        seeds_per_task: How many seeds each task is played with.
        first_seed: The first of them; 0 to 999,999 are for training.
        prompt: What precedes the page in the first message.
        url: Base address of the server; by default `ONCALL_URL`, or port 8000 of this machine.
        token: The server's control token, where it wants one; by default `ONCALL_CONTROL_TOKEN`.
    """
    tasks = ask_http(url, f"/{ENV_NAME}/tasks", body={"split": split}, token=token)["tasks"]
    return [
        {"prompt": [{"role": "user", "content": prompt}], "split": split, "index": task["index"], "seed": seed}
        for task in tasks
        for seed in range(first_seed, first_seed + seeds_per_task)
    ]


def incident_dataset(split: str = "train", **options: Any) -> Dataset:
    """`incident_rows` as a `datasets.Dataset`, for `GRPOTrainer(train_dataset=…)`."""
    from datasets import Dataset

    return Dataset.from_list(incident_rows(split, **options))
