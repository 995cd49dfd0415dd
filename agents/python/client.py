"""A typed OpenEnv client: async by default, `.sync()` for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from openenv.core.client_types import StepResult
from openenv.core.env_client import EnvClient

from .models import OncallAction, OncallObservation, OncallState
from .wire import server_url


@dataclass
class OncallResult(StepResult[OncallObservation]):
    """A reset or step with Gymnasium's names, which OpenEnv has no place for and carries as metadata."""

    metadata: dict[str, Any] | None = None
    terminated: bool = False
    truncated: bool = False
    info: dict[str, Any] = field(default_factory=dict)
    """Control plane, not for the agent: the task after a reset, `info["episode"]` with the score at the end."""


class OncallEnv(EnvClient[OncallAction, OncallObservation, OncallState]):
    """
    One episode after another, each result an `OncallResult`.

    ```python
    with OncallEnv().sync() as env:
        result = env.reset(seed=7, difficulty="easy")
        result = env.step(OncallAction.inspect_logs("web_server"))
    ```

    Args:
        base_url: Base address of the server; by default `ONCALL_URL`, or port 8000 of this machine. With a `provider`
            that starts a server, its address.
        **options: OpenEnv's own, such as `message_timeout_s` and `provider`.
    """

    def __init__(self, base_url: str | None = None, **options: Any) -> None:
        if base_url is not None or options.get("provider") is None:
            options["base_url"] = server_url(base_url)
        super().__init__(**options)

    def _step_payload(self, action: OncallAction | Mapping[str, Any] | str) -> dict[str, Any]:
        """An action in its typed, JSON or text form."""
        if isinstance(action, str):
            return {"type": action}
        if isinstance(action, OncallAction):
            return action.model_dump(exclude={"metadata"})
        return dict(action)

    def _parse_result(self, payload: dict[str, Any]) -> OncallResult:
        observation, reward, done = payload["observation"], payload["reward"], payload["done"]
        metadata = payload["metadata"]
        return OncallResult(
            observation=OncallObservation.model_validate({**observation, "reward": reward, "done": done}),
            reward=reward,
            done=done,
            metadata=metadata,
            terminated=metadata["terminated"],
            truncated=metadata["truncated"],
            info=metadata["info"],
        )

    def _parse_state(self, payload: dict[str, Any]) -> OncallState:
        return OncallState.model_validate(payload)
