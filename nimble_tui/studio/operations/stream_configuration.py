"""Rules for a launch profile's stream configuration, beyond those of each member.

Source: the AWS API reference, StreamConfigurationCreate.
"""

from collections.abc import Mapping
from typing import Any

from nimble_tui.studio.http.errors import validation
from nimble_tui.studio.lifecycle import backups
from nimble_tui.studio.lifecycle.timers import DEFAULT_MAX_SESSION_LENGTH
from nimble_tui.studio.store.records import Document


def complete(given: Mapping[str, Any]) -> Document:
    """Return the configuration with its defaults; ValidationException where it contradicts."""
    configuration = dict(given)
    configuration.setdefault("maxSessionLengthInMinutes", DEFAULT_MAX_SESSION_LENGTH)
    persistence = configuration.get("sessionPersistenceMode")
    if persistence == "ACTIVATED":
        configuration.setdefault("automaticTerminationMode", "DEACTIVATED")
    else:
        for name in ("automaticTerminationMode", "volumeConfiguration"):
            if name in configuration:
                raise _contradiction(name, "needs sessionPersistenceMode ACTIVATED")
    backup = configuration.get("sessionBackup")
    if backup and backup.get("mode") == "AUTOMATIC":
        configuration["sessionBackup"] = {"maxBackupsToRetain": backups.MOST, **backup}
    # Without any mode the length alone decides, as it did before there were modes.
    terminates = configuration.get("automaticTerminationMode") == "ACTIVATED"
    if (
        configuration.get("maxStoppedSessionLengthInMinutes", 0)
        and persistence is not None
        and not terminates
    ):
        raise _contradiction(
            "maxStoppedSessionLengthInMinutes",
            "needs sessionPersistenceMode and automaticTerminationMode ACTIVATED",
        )
    return configuration


def _contradiction(name: str, problem: str) -> Exception:
    where = f"streamConfiguration.{name}"
    return validation(f"{where} {problem}.", context={where: problem})
