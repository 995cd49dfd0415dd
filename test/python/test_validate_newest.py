"""The newest validator: static checks, and its runtime graders on a real server in place of a container."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import PACKAGE, StartServer
from openenv.validation import Level, run_validation
from openenv.validation.providers import ExecResult

GRADED = {"runtime.startup", "runtime.reward_well_formed", "runtime.observation_schema", "runtime.state_contract"}


class RunningServer:
    """A server of ours where the validator expects a container."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    def inspect(self) -> dict[str, Any]:
        return {}

    def logs(self, max_bytes: int = 65536) -> str:
        return ""

    def exec(self, argv: list[str], timeout_s: float) -> ExecResult:
        raise NotImplementedError

    def stop(self) -> None:
        pass


class NoContainer:
    """Docker is not needed for what is graded here: reset, step and state of one session."""

    name = "no-container"
    supported_network_modes = frozenset({"no-network"})

    def __init__(self, base_url: str) -> None:
        from openenv.validation.types import ProviderCapability

        self.capabilities = frozenset({ProviderCapability.IMAGE_BUILD})
        self._base_url = base_url

    def build(self, root: Path, execution: object) -> str:
        return "sha256:" + "0" * 64

    def start(self, spec: object) -> RunningServer:
        return RunningServer(self._base_url)


@pytest.fixture(scope="module")
def report(request: pytest.FixtureRequest) -> Iterator[Any]:
    url = request.getfixturevalue("url")
    yield run_validation(PACKAGE, max_level=Level.RUNTIME, provider=NoContainer(url))


def test_the_manifest_is_valid(report: Any) -> None:
    static = [result for result in report.results if result.check_id.startswith("static.")]
    assert {result.check_id: result.status.value for result in static} == {"static.manifest": "pass"}, static


def test_what_is_played_keeps_the_runtime_contract(report: Any) -> None:
    graded = {result.check_id: result for result in report.results if result.check_id in GRADED}
    assert set(graded) == GRADED
    for check_id, result in graded.items():
        assert result.status.value == "pass", f"{check_id}: {result.evidence}"


def test_nothing_fails(report: Any) -> None:
    """What this build of the validator cannot grade is skipped; that is no failure."""
    assert [result.check_id for result in report.results if result.status.value in ("fail", "error")] == []


def test_the_running_server_in_production_mode_plays_the_same(start_server: StartServer) -> None:
    url = start_server("--mode", "production")
    report = run_validation(PACKAGE, max_level=Level.RUNTIME, provider=NoContainer(url))
    assert {result.status.value for result in report.results if result.check_id in GRADED} == {"pass"}
