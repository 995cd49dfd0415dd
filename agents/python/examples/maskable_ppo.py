"""
Trains a small policy with MaskablePPO of sb3-contrib, on incidents of a running server.

    npm start                                        # in the checkout, in another terminal
    pip install "./agents/python[sb3]"
    python agents/python/examples/maskable_ppo.py --steps 200000 --num-envs 64 --save policy.zip

A few thousand steps show that everything fits together; a policy that closes incidents takes millions.
"""

from __future__ import annotations

import argparse
from collections import deque
from typing import Any

import numpy as np
import torch
from oncall_gym import OncallVecEnv
from sb3_contrib import MaskablePPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.vec_env import VecMonitor


class Scores(BaseCallback):
    """Logs the mean score of the last hundred episodes, beside the returns that VecMonitor counts."""

    def __init__(self) -> None:
        super().__init__()
        self.last: deque[float] = deque(maxlen=100)

    def _on_step(self) -> bool:
        for info in self.locals["infos"]:
            if "verdict" in info:
                self.last.append(float(info["verdict"]["score"]))
        if self.last:
            self.logger.record("rollout/score_mean", float(np.mean(self.last)))
        return True


def train(steps: int, *, num_envs: int = 16, seed: int = 0, verbose: int = 1, **env_options: Any) -> MaskablePPO:
    """Trains for at least so many steps, and returns the trained model; the server gets its episodes' places back."""
    torch.set_num_threads(1)  # the matrices are small: more threads cost more than they bring
    env = VecMonitor(OncallVecEnv(num_envs, **env_options))
    model = MaskablePPO(
        "MlpPolicy",
        env,
        n_steps=32,
        batch_size=256,
        n_epochs=4,
        gamma=1.0,  # episodes are short, and rewards sum to the score
        ent_coef=0.01,
        policy_kwargs={"net_arch": [128, 128]},
        seed=seed,
        device="cpu",
        verbose=verbose,
    )
    try:
        model.learn(steps, callback=Scores())
    finally:
        env.close()
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description="MaskablePPO on incidents of a running server.")
    parser.add_argument("--steps", type=int, default=2048)
    parser.add_argument("--num-envs", type=int, default=16)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--difficulty", choices=("easy", "medium", "hard"))
    parser.add_argument("--save", metavar="FILE")
    args = parser.parse_args()
    model = train(args.steps, num_envs=args.num_envs, seed=args.seed, difficulty=args.difficulty)
    print(f"{model.num_timesteps} steps, loss {model.logger.name_to_value['train/loss']:.4f}")
    if args.save:
        model.save(args.save)


if __name__ == "__main__":
    main()
