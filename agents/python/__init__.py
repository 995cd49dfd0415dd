"""
Incidents to practise on-call with, from Python: a thin client of the oncall-gym server.

Nothing is simulated or scored here. `npm start` in a checkout serves on `http://127.0.0.1:8000`; `ONCALL_URL` names
another server. What needs a library is imported when it is first used.

| name | needs |
| --- | --- |
| `OncallEnv`, `OncallAction`, `OncallObservation`, `OncallState` | the extra `openenv` |
| `OncallTextEnv`, `gymnasium.make("oncall_gym/Incident-v1")` | the extra `gymnasium` |
| `OncallGymEnv`, `gymnasium.make("oncall_gym/IncidentFeatures-v1")` | the extra `gymnasium` |
| `OncallVectorEnv`, `gymnasium.make_vec("oncall_gym/IncidentFeatures-v1", num_envs=8)` | the extra `gymnasium` |
| `OncallVecEnv` | the extra `sb3` |
| `OncallToolEnv`, `incident_rows` | nothing |
| `incident_dataset` | the extra `trl` |
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .connection import Connection as Connection
from .connection import Turn as Turn
from .wire import OncallError as OncallError

if TYPE_CHECKING:
    from .client import OncallEnv as OncallEnv
    from .client import OncallResult as OncallResult
    from .gym_env import OncallGymEnv as OncallGymEnv
    from .models import OncallAction as OncallAction
    from .models import OncallObservation as OncallObservation
    from .models import OncallState as OncallState
    from .sb3 import OncallVecEnv as OncallVecEnv
    from .text_env import OncallTextEnv as OncallTextEnv
    from .trl_env import OncallToolEnv as OncallToolEnv
    from .trl_env import incident_dataset as incident_dataset
    from .trl_env import incident_rows as incident_rows
    from .vector_env import OncallVectorEnv as OncallVectorEnv

_MODULES = {
    "client": ("OncallEnv", "OncallResult"),
    "gym_env": ("OncallGymEnv",),
    "models": ("OncallAction", "OncallObservation", "OncallState"),
    "sb3": ("OncallVecEnv",),
    "text_env": ("OncallTextEnv",),
    "trl_env": ("OncallToolEnv", "incident_dataset", "incident_rows"),
    "vector_env": ("OncallVectorEnv",),
}
_EXTRAS = {
    "client": "openenv",
    "gym_env": "gymnasium",
    "models": "openenv",
    "text_env": "gymnasium",
    "vector_env": "gymnasium",
}


def __getattr__(name: str) -> Any:
    module = next((module for module, names in _MODULES.items() if name in names), None)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(importlib.import_module(f".{module}", __name__), name)
    except ModuleNotFoundError as missing:
        extra = _EXTRAS.get(module, module)
        raise ImportError(f"{name} needs the extra {extra}: install oncall-gym[{extra}]. {missing}.") from missing


def _register() -> None:
    """Makes the environments known to Gymnasium, where that is installed."""
    try:
        from gymnasium.envs.registration import register
    except ImportError:
        return
    register(id="oncall_gym/Incident-v1", entry_point="oncall_gym.text_env:OncallTextEnv")
    register(
        id="oncall_gym/IncidentFeatures-v1",
        entry_point="oncall_gym.gym_env:OncallGymEnv",
        vector_entry_point="oncall_gym.vector_env:OncallVectorEnv",
    )


_register()
