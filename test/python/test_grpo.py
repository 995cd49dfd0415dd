"""TRL's GRPOTrainer with a tiny random model: what it says reaches the environment, and scores come back."""

from __future__ import annotations

import math
import sys
from typing import Any

import pytest
from examples import example
from oncall_gym import OncallToolEnv
from oncall_gym.catalogue import ACTION_TYPES

grpo = example("grpo")
STEPS = 2


class Watched(OncallToolEnv):
    """Keeps what the trainer does with every instance."""

    resets: list[dict[str, Any]] = []
    acts: list[str] = []
    rewards: list[float] = []

    def reset(self, **columns: Any) -> str:  # type: ignore[override]
        self.resets.append(columns)
        return super().reset(**columns)

    def get_reward(self) -> float:
        self.rewards.append(super().get_reward())
        return self.rewards[-1]

    def _act(self, **action: object) -> str:
        self.acts.append(str(action["type"]))
        return super()._act(**action)


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::FutureWarning", "ignore::DeprecationWarning")
def test_the_trainer_plays_and_takes_its_steps(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trainers = []
    train = grpo.train

    def watched(steps: int, output_dir: str) -> Any:
        trainers.append(train(steps, output_dir, Watched))
        return trainers[0]

    monkeypatch.setattr(grpo, "train", watched)
    monkeypatch.setattr(sys, "argv", ["grpo.py", "--steps", str(STEPS)])
    grpo.main()
    assert "step 2: loss " in capsys.readouterr().out

    [trainer] = trainers
    logged = [entry for entry in trainer.state.log_history if "loss" in entry]
    assert [entry["step"] for entry in logged] == [1, 2]
    assert all(math.isfinite(entry["loss"]) and math.isfinite(entry["grad_norm"]) for entry in logged)

    group = trainer.args.num_generations
    assert len(Watched.resets) == group * STEPS, "one episode for each rollout"
    for first in range(0, len(Watched.resets), group):
        rows = [(row["split"], row["index"], row["seed"]) for row in Watched.resets[first : first + group]]
        assert len(set(rows)) == 1, "a group shares task and seed"

    assert len(Watched.acts) >= 2 and set(Watched.acts) <= set(ACTION_TYPES), "calls reach the environment as actions"
    assert sum(entry["tools/call_frequency"] for entry in logged) * group == len(Watched.acts)
    assert set(ACTION_TYPES) == {tool.__name__ for tool in trainer.tools}
    for n, entry in enumerate(logged):
        rewards = Watched.rewards[group * n : group * (n + 1)]
        assert entry["rewards/Watched/mean"] == pytest.approx(sum(rewards) / group, abs=1e-4)
        assert entry["reward"] == entry["rewards/Watched/mean"], "the score is the whole reward"


def test_every_call_of_the_tiny_model_is_one_token() -> None:
    tokenizer = grpo.tiny_tokenizer(["PAGE 2031-12-01"])
    for call in grpo.CALLS:
        assert len(tokenizer(grpo.call_text(*call))["input_ids"]) == 1
