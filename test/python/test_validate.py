"""OpenEnv's own validator, on a running server and on the package."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from conftest import PACKAGE, StartServer
from openenv.cli.__main__ import app
from typer.testing import CliRunner

UV = Path(sys.executable).with_name("uv")
CRITERIA = {
    "openapi_version_available",
    "health_endpoint",
    "metadata_endpoint",
    "schema_endpoint",
    "mcp_endpoint",
    "mode_endpoint_consistency",
}


def validate(*arguments: str | Path) -> Result:
    """`openenv validate`, in this process: to import it takes a quarter of a minute."""
    return CliRunner().invoke(app, ["validate", *map(str, arguments)])


@pytest.mark.parametrize("mode", ["simulation", "production"])
def test_a_running_server_in_both_modes(start_server: StartServer, mode: str) -> None:
    run = validate("--url", start_server("--mode", mode), "--json")
    report: dict[str, Any] = json.loads(run.output)
    assert report["summary"]["failed_criteria"] == []
    assert {criterion["id"] for criterion in report["criteria"]} == CRITERIA
    assert (report["passed"], report["mode"], report["standard_profile"]) == (True, mode, "openenv-http/1.x")
    assert run.exit_code == 0


def test_junes_validator_misses_nothing_in_the_package_but_a_lock(tmp_path: Path) -> None:
    """The lock would hold 2,000 addresses of a registry and serve nobody: nothing is deployed from this package."""
    run = validate(PACKAGE, "--json")
    assert json.loads(run.output)["issues"] == ["Missing uv.lock - run 'uv lock' to generate it"]

    copy = tmp_path / "oncall_gym"
    shutil.copytree(PACKAGE, copy)
    locked = subprocess.run([UV, "lock"], cwd=copy, capture_output=True, text=True)
    if locked.returncode != 0:
        pytest.skip(f"uv could not resolve the lock, without which June's validator says no:\n{locked.stderr[-500:]}")
    run = validate(copy)
    assert run.exit_code == 0, run.output
    assert "Ready for multi-mode deployment" in run.output
