"""The actions as methods, for trainers that make tools of methods.

Written by `npm run gen:python` from the catalogue of actions: do not edit.
"""

from .catalogue import CauseService, ConfigValue, FaultClass, ServiceName


class IncidentTools:
    """One method for each action; each returns what is seen afterwards, as text."""

    def _act(self, **action: object) -> str:
        raise NotImplementedError

    def inspect_logs(self, service: ServiceName) -> str:
        """
        Read the newest log lines of a service.

        Args:
            service: One of the five services.

        Returns:
            What is seen afterwards, as text.
        """
        return self._act(type="inspect_logs", service=service)

    def inspect_metrics(self, service: ServiceName) -> str:
        """
        Read the metrics of a service: now, means over 5 and 30 minutes, and the same hour yesterday.

        Args:
            service: One of the five services.

        Returns:
            What is seen afterwards, as text.
        """
        return self._act(type="inspect_metrics", service=service)

    def check_status(self, service: ServiceName) -> str:
        """
        Ask a service's own process how it is: state, uptime, version, address, pings to its dependencies.

        Args:
            service: One of the five services.

        Returns:
            What is seen afterwards, as text.
        """
        return self._act(type="check_status", service=service)

    def inspect_config(self, service: ServiceName, key: str | None = None) -> str:
        """
        List the configuration of a service with units and ranges; with a key, the history of that key.

        Args:
            service: One of the five services.
            key: A configuration key of that service, e.g. ttl_s.

        Returns:
            What is seen afterwards, as text.
        """
        return self._act(type="inspect_config", service=service, key=key)

    def update_config(self, service: ServiceName, key: str, value: ConfigValue) -> str:
        """
        Set one configuration key of one service.

        Args:
            service: One of the five services.
            key: A configuration key of that service, e.g. ttl_s.
            value: The new value: a number, true or false, or a name, as inspect_config shows it.

        Returns:
            What is seen afterwards, as text.
        """
        return self._act(type="update_config", service=service, key=key, value=value)

    def restart_service(self, service: ServiceName) -> str:
        """
        Restart the processes of a service; it is out for a moment, and configuration survives.

        Args:
            service: One of the five services.

        Returns:
            What is seen afterwards, as text.
        """
        return self._act(type="restart_service", service=service)

    def resolve_incident(self, service: CauseService, fault: FaultClass, summary: str | None = None) -> str:
        """
        Close the incident with a diagnosis: the service where the cause lies, and the kind of fault.

        Args:
            service: Where the cause lies; external: outside the five; none: nowhere.
            fault: The kind of fault, from the closed list.
            summary: Free text for the record.

        Returns:
            What is seen afterwards, as text.
        """
        return self._act(type="resolve_incident", service=service, fault=fault, summary=summary)

    def escalate(self, reason: str) -> str:
        """
        Hand the incident over to someone outside, naming whom and why.

        Args:
            reason: Why, and to whom.

        Returns:
            What is seen afterwards, as text.
        """
        return self._act(type="escalate", reason=reason)
