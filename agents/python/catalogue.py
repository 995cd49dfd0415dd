"""Names of actions, services and faults, and how long a text may be.

Written by `npm run gen:python` from the catalogue of actions: do not edit.
"""

from typing import Final, Literal

ActionType = Literal[
    "inspect_logs",
    "inspect_metrics",
    "check_status",
    "inspect_config",
    "update_config",
    "restart_service",
    "resolve_incident",
    "escalate",
]
"""What an action is."""

ServiceName = Literal["load_balancer", "web_server", "cache", "database", "message_queue"]
"""The five services."""

CauseService = Literal["load_balancer", "web_server", "cache", "database", "message_queue", "external", "none"]
"""Where a cause can lie."""

FaultClass = Literal[
    "crash",
    "capacity",
    "limit",
    "timeout",
    "retry",
    "pool",
    "ttl",
    "cold",
    "credential",
    "address",
    "routing",
    "health_check",
    "degraded_host",
    "feature_flag",
    "mode",
    "index",
    "lock",
    "maintenance",
    "disk",
    "noisy",
    "leak",
    "dependency",
    "no_fault",
]
"""What can be broken."""

ConfigValue = int | float | bool | str
"""A value of a configuration key."""

ACTION_TYPES: Final[tuple[ActionType, ...]] = (
    "inspect_logs",
    "inspect_metrics",
    "check_status",
    "inspect_config",
    "update_config",
    "restart_service",
    "resolve_incident",
    "escalate",
)
"""Every action, in the order in which models see them."""

LONGEST_OBSERVATION: Final = 4096
"""Longest text of an observation, in bytes of UTF-8."""

LONGEST_FREE_TEXT: Final = 8192
"""Longest free text inside of an action, in characters."""
