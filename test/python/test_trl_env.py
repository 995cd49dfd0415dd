"""What TRL asks of an `environment_factory`, done the way its trainers do it."""

from __future__ import annotations

import inspect
import math
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from conftest import StartServer
from oncall_gym import OncallError, OncallToolEnv, incident_rows
from oncall_gym.catalogue import ACTION_TYPES

CLOSED = "The incident is closed."


def tools_of(instance: object) -> dict[str, Callable[..., str]]:
    """As `GRPOTrainer` finds them: every public function of the class but two."""
    members = inspect.getmembers(type(instance), predicate=inspect.isfunction)
    hidden = ("reset", "get_reward")
    return {name: getattr(instance, name) for name, _ in members if name not in hidden and not name.startswith("_")}


def test_the_tools_are_the_eight_actions_and_nothing_else() -> None:
    assert set(tools_of(OncallToolEnv())) == set(ACTION_TYPES)


def test_the_factory_and_a_fresh_instance_can_be_pickled_and_need_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONCALL_URL", "http://127.0.0.1:1")
    assert pickle.loads(pickle.dumps(OncallToolEnv)) is OncallToolEnv
    env = pickle.loads(pickle.dumps(OncallToolEnv()))
    with pytest.raises(OncallError, match="CONNECT_FAILED"):
        env.reset(seed=1)


def test_sixty_four_episodes_one_after_another(url: str) -> None:
    env = OncallToolEnv()
    tools = tools_of(env)
    pages = set()
    for seed in range(64):
        pages.add(env.reset(prompt=[{"role": "user", "content": ""}], seed=seed, split=None, note="ignored"))
        assert "web_server" in tools["inspect_logs"](service="web_server")
        tools["resolve_incident"](service="none", fault="no_fault")
        assert 0 <= env.get_reward() <= 1
        with pytest.raises(ValueError, match=CLOSED):
            tools["inspect_logs"](service="web_server")
    assert len(pages) == 64


def test_calls_of_a_batch_may_be_interleaved(url: str) -> None:
    """A group shares task and seed; what one rollout does shows in no other."""
    group = [OncallToolEnv() for _ in range(8)]
    assert len({env.reset(seed=5, split="train", index=2) for env in group}) == 1
    for step in range(3):
        for number, env in enumerate(group):
            if number % 2 == 1:
                env.restart_service("cache")
            else:
                env.check_status("cache")
        seen = [env.inspect_config("cache", key="ttl_s") for env in group]
        assert len(set(seen[0::2])) == 1 and len(set(seen[1::2])) == 1
        assert (seen[0] == seen[1]) is False, f"step {step}"


def test_the_reward_is_the_score(url: str) -> None:
    env = OncallToolEnv()
    scores = []
    for index, row in enumerate(incident_rows(seeds_per_task=1)[:8]):
        env.reset(**row)
        rewards = [_reward_of(env, lambda: env.inspect_metrics(service)) for service in ("cache", "database")]
        rewards.append(_reward_of(env, lambda: env.update_config("cache", "ttl_s", 300)))
        assert env.get_reward() == pytest.approx(math.fsum(rewards)), "of an open episode: the rewards so far"
        env.escalate("This is a check.") if index % 2 else env.resolve_incident("cache", "capacity", summary="a check")
        scores.append(env.get_reward())
        verdict = env._connection.state()["episode"]
        assert scores[-1] == verdict["score"]
    assert len(set(scores)) > 1


def _reward_of(env: OncallToolEnv, act: Callable[[], object]) -> float:
    before = env.get_reward()
    act()
    return env.get_reward() - before


def test_an_invalid_call_costs_a_step_and_tells_the_model(url: str) -> None:
    env = OncallToolEnv()
    env.reset(seed=1, task_id=None)
    assert "expected one of load_balancer" in env.inspect_logs("moon")  # type: ignore[arg-type]
    assert env._connection.state()["step_count"] == 1


BLOCKED = """
import sys
from oncall_gym import OncallToolEnv
env = OncallToolEnv()
env.reset(seed=1)
print("reset", flush=True)
sys.stdin.readline()
print(env.check_status("cache"), flush=True)
"""


def test_a_trainer_that_is_blocked_for_long_goes_on(start_server: StartServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """An optimiser step may stop the whole process; while nobody else needs its slot, it keeps it."""
    url = start_server("--max-sessions", "2", "--ping-ms", "100", "--unresponsive-ms", "300")
    monkeypatch.setenv("ONCALL_URL", url)
    trainer = subprocess.Popen(
        [sys.executable, "-c", BLOCKED], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert trainer.stdout is not None and trainer.stdin is not None
    assert trainer.stdout.readline() == "reset\n"
    trainer.send_signal(signal.SIGSTOP)
    other = OncallToolEnv()
    until = time.monotonic() + 1.0  # other work goes on meanwhile, for longer than the silence that is allowed
    while time.monotonic() < until:
        other.reset()
        other.check_status("cache")
    trainer.send_signal(signal.SIGCONT)
    said, _ = trainer.communicate("go on\n", timeout=20)
    assert "check_status(cache)" in said


def test_rows_name_every_task_of_a_split_with_its_seeds(url: str) -> None:
    rows = incident_rows("dev", seeds_per_task=2, first_seed=40)
    assert [(row["index"], row["seed"]) for row in rows] == [(index, seed) for index in range(8) for seed in (40, 41)]
    assert {row["split"] for row in rows} == {"dev"}
    assert set(rows[0]) == {"prompt", "split", "index", "seed"}
    env = OncallToolEnv()
    pages: dict[Any, str] = {(row["index"], row["seed"]): env.reset(**row) for row in rows}
    assert len(set(pages.values())) == len(rows)


def test_what_the_task_api_refuses_is_told(url: str) -> None:
    with pytest.raises(OncallError, match="HTTP_400"):
        incident_rows("everything")
    with pytest.raises(OncallError, match="CONNECT_FAILED"):
        incident_rows(url="http://127.0.0.1:1")
