"""The package as it is installed."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata

import oncall_gym
import pytest


def test_every_name_that_is_imported_when_used_is_there() -> None:
    """But for what another stand has the library of, and imports."""
    for module, names in oncall_gym._MODULES.items():
        for name in names if module != "sb3" else ():
            assert getattr(oncall_gym, name).__module__ == f"oncall_gym.{module}"


def test_openenv_is_installed_on_demand_only() -> None:
    """It stands among the dependencies, where OpenEnv's validator looks, with a marker that makes it an extra."""
    required = metadata.requires("oncall-gym") or []
    assert [one for one in required if "extra ==" not in one] == ["websockets>=15"]
    assert 'openenv>=0.3; extra == "openenv"' in required


def test_a_name_that_does_not_exist_is_no_import_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'OncallGym'"):
        oncall_gym.OncallGym  # noqa: B018


@pytest.mark.parametrize(
    ("missing", "name"),
    [
        ("openenv", "OncallEnv"),
        ("openenv", "OncallAction"),
        ("gymnasium", "OncallTextEnv"),
        ("gymnasium", "OncallGymEnv"),
    ],
)
def test_what_is_not_installed_is_named_when_it_is_needed_and_not_before(missing: str, name: str) -> None:
    hide = f"import sys; sys.modules[{missing!r}] = None"
    code = f"{hide}; import oncall_gym; oncall_gym.OncallToolEnv; oncall_gym.{name}"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    last = run.stderr.splitlines()[-1]
    assert last.startswith(f"ImportError: {name} needs the extra {missing}: install oncall-gym[{missing}].")
