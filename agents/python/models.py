"""What crosses the wire, as Pydantic models.

Written by `npm run gen:python` from the catalogue of actions: do not edit.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from openenv.core.env_server.types import Action, Observation, State
from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

from .catalogue import ActionType, CauseService, ConfigValue, FaultClass, ServiceName


class OncallAction(Action):
    """
    One action. Make one with the method of its name, such as `OncallAction.inspect_logs("cache")`.

    Whether an action is valid now decides the environment; what is not costs a step and changes nothing.
    """

    type: ActionType
    service: CauseService | None = Field(
        default=None,
        description="One of the five services. Where the cause lies; external: outside the five; none: nowhere.",
    )
    key: str | None = Field(default=None, description="A configuration key of that service, e.g. ttl_s.")
    value: ConfigValue | None = Field(
        default=None,
        description="The new value: a number, true or false, or a name, as inspect_config shows it.",
    )
    fault: FaultClass | None = Field(default=None, description="The kind of fault, from the closed list.")
    summary: str | None = Field(default=None, description="Free text for the record.")
    reason: str | None = Field(default=None, description="Why, and to whom.")

    @model_serializer(mode="wrap")
    def _without_absent(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """What an action does not take is left out of it: the environment refuses keys that do not belong."""
        return {name: value for name, value in handler(self).items() if value is not None}

    @classmethod
    def inspect_logs(cls, service: ServiceName) -> OncallAction:
        """Read the newest log lines of a service."""
        return cls(type="inspect_logs", service=service)

    @classmethod
    def inspect_metrics(cls, service: ServiceName) -> OncallAction:
        """Read the metrics of a service: now, means over 5 and 30 minutes, and the same hour yesterday."""
        return cls(type="inspect_metrics", service=service)

    @classmethod
    def check_status(cls, service: ServiceName) -> OncallAction:
        """Ask a service's own process how it is: state, uptime, version, address, pings to its dependencies."""
        return cls(type="check_status", service=service)

    @classmethod
    def inspect_config(cls, service: ServiceName, key: str | None = None) -> OncallAction:
        """List the configuration of a service with units and ranges; with a key, the history of that key."""
        return cls(type="inspect_config", service=service, key=key)

    @classmethod
    def update_config(cls, service: ServiceName, key: str, value: ConfigValue) -> OncallAction:
        """Set one configuration key of one service."""
        return cls(type="update_config", service=service, key=key, value=value)

    @classmethod
    def restart_service(cls, service: ServiceName) -> OncallAction:
        """Restart the processes of a service; it is out for a moment, and configuration survives."""
        return cls(type="restart_service", service=service)

    @classmethod
    def resolve_incident(cls, service: CauseService, fault: FaultClass, summary: str | None = None) -> OncallAction:
        """Close the incident with a diagnosis: the service where the cause lies, and the kind of fault."""
        return cls(type="resolve_incident", service=service, fault=fault, summary=summary)

    @classmethod
    def escalate(cls, reason: str) -> OncallAction:
        """Hand the incident over to someone outside, naming whom and why."""
        return cls(type="escalate", reason=reason)


class Part(BaseModel):
    """A part of an observation. A newer server may say more than this."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)


class Clock(Part):
    """`clock` of OncallObservation."""

    now: str = Field(description="Simulated time, ISO 8601.")
    elapsed_s: float = Field(description="Simulated seconds since the page.")


class Alert(Part):
    """`alert` of OncallObservation."""

    severity: Literal["page"]
    summary: str
    fired_at: str = Field(description="Simulated time, ISO 8601.")


class Slo(Part):
    """`slo` of OncallObservation."""

    name: str
    objective: float
    current: float
    ok: bool


class LogsData(Part):
    """A result's data of kind `logs`."""

    kind: Literal["logs"]
    service: ServiceName = Field(description="One of the five services.")
    lines: list[str] = Field(description="Oldest first.")


class MetricsData(Part):
    """A result's data of kind `metrics`."""

    kind: Literal["metrics"]
    service: ServiceName = Field(description="One of the five services.")
    columns: list[str]
    rows: list[list[str | float]] = Field(description="Name, unit, then one number per column.")


class StatusDependency(Part):
    """`dependency` of StatusData."""

    service: str
    ping: Literal["ok", "failed"]
    address: str


class StatusData(Part):
    """A result's data of kind `status`."""

    kind: Literal["status"]
    service: ServiceName = Field(description="One of the five services.")
    state: Literal["up", "degraded", "down"] = Field(
        description="As the process itself reports; a saturated process is up.",
    )
    uptime_s: float
    version: str
    address: str
    routes: list[str]
    last_config_revision: float
    dependencies: list[StatusDependency]


class ConfigKey(Part):
    """`key` of ConfigData."""

    key: str
    value: ConfigValue = Field(description="A value of a configuration key.")
    unit: str
    range: str


class ConfigInventory(Part):
    """`inventory` of ConfigData."""

    id: str
    not_before: str = Field(description="Simulated time, ISO 8601.")
    not_after: str = Field(description="Simulated time, ISO 8601.")
    names: str


class ConfigData(Part):
    """A result's data of kind `config`."""

    kind: Literal["config"]
    service: ServiceName = Field(description="One of the five services.")
    keys: list[ConfigKey]
    inventory: list[ConfigInventory] | None = Field(default=None, description="Certificates on hand.")


class ConfigHistoryRevision(Part):
    """`revision` of ConfigHistoryData."""

    revision: float
    at: str = Field(description="Simulated time, ISO 8601.")
    actor: str
    from_: ConfigValue = Field(alias="from", description="A value of a configuration key.")
    to: ConfigValue = Field(description="A value of a configuration key.")


class ConfigHistoryData(Part):
    """A result's data of kind `config_history`."""

    kind: Literal["config_history"]
    service: ServiceName = Field(description="One of the five services.")
    key: str
    value: ConfigValue = Field(description="A value of a configuration key.")
    unit: str
    range: str
    revisions: list[ConfigHistoryRevision]


class ChangeData(Part):
    """A result's data of kind `change`."""

    kind: Literal["change"]
    service: ServiceName = Field(description="One of the five services.")
    applied: str


ResultData = Annotated[
    LogsData | MetricsData | StatusData | ConfigData | ConfigHistoryData | ChangeData,
    Field(discriminator="kind"),
]


class Result(Part):
    """`result` of OncallObservation."""

    status: Literal["ok", "invalid", "closed"]
    message: str = Field(description="One mechanical sentence.")
    data: ResultData | None


class OncallObservation(Observation):
    """What the agent sees. `done`, `reward` and `metadata` are OpenEnv's and belong to the control plane."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)

    incident_id: str
    clock: Clock
    alert: Alert
    slo: list[Slo]
    steps_left: int
    changes_left: int
    last_action: str | None = Field(description="Canonical text of the last action.")
    result: Result
    text: str | None = Field(default=None, description="The same as text, at most 4 KiB of UTF-8.")


class OncallState(State):
    """Where the episode stands: control plane, not for the agent. Only the first two before the first reset."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)

    task_id: str | None = None
    suite: str | None = None
    split: Literal["train", "dev", "test"] | None = None
    index: int | None = None
    seed: int | None = None
    difficulty: Literal["easy", "medium", "hard"] | None = None
    reward_mode: Literal["telescoped", "sparse", "potential"] | None = None
    env_version: str | None = None
    scoring_version: str | None = None
    elapsed_s: float | None = None
    steps_left: int | None = None
    changes_left: int | None = None
    terminated: bool | None = None
    truncated: bool | None = None
    return_: float | None = Field(default=None, alias="return", description="Sum of the rewards so far.")
    metrics: dict[str, float] | None = None
    episode: dict[str, Any] | None = Field(default=None, description="The verdict, once the episode is over.")
