"""Another AWS service, reached the same way as the studio and opened when it is needed."""

import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from nimble_tui.client.api_client import ApiClient
from nimble_tui.client.errors import CallError, closed, not_understood
from nimble_tui.core.clock import Clock
from nimble_tui.core.service import ErrorKind, StudioError

T = TypeVar("T")

_REST = 30.0
_PASSING = frozenset({ErrorKind.UNREACHABLE, ErrorKind.TROUBLE, ErrorKind.THROTTLED})


class AwsService:
    """One service; thread-safe, and raises StudioError only."""

    def __init__(self, name: str, opened: Callable[[], ApiClient], clock: Clock) -> None:
        """`name` is the service's name in messages; `opened` connects to it."""
        self._name = name
        self._opened = opened
        self._clock = clock
        self._lock = threading.Lock()
        self._api: ApiClient | None = None
        self._closed = False
        self._rest_until = 0.0

    @property
    def is_resting(self) -> bool:
        """True if it failed a moment ago, so that a background refresh should not wait for it."""
        return self._clock.monotonic() < self._rest_until

    def ask(
        self, operation: str, seconds: float | None = None, **members: object
    ) -> Mapping[str, Any]:
        """Return the answer to an operation, such as `list_users`, within so many seconds."""
        return self._explained(
            lambda: self._open().call(lambda client: getattr(client, operation)(**members), seconds)
        )

    def prepare(self) -> None:
        """Sign in to it; a person may have to type a code, which no deadline should include."""
        self._explained(self._open)

    def _explained(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except StudioError as error:
            if error.kind in _PASSING:
                self._rest_until = self._clock.monotonic() + _REST
            if error.kind == ErrorKind.NOT_SIGNED_IN:
                # Signing in to the studio again, which that kind asks for, would not help.
                raise CallError(ErrorKind.DENIED, error.message) from None
            if error.kind != ErrorKind.NOT_UNDERSTOOD or self._name in error.message:
                raise
        raise not_understood(f"{self._name[0].upper()}{self._name[1:]} sent an unexpected response")

    def close(self) -> None:
        """Close the connections; pending calls fail."""
        with self._lock:
            self._closed = True
            api = self._api
        if api is not None:
            api.close()

    def _open(self) -> ApiClient:
        with self._lock:
            if self._closed:
                raise closed()
            if self._api is None:
                self._api = self._opened()
            return self._api


def settings_missing(setting: str, what: str) -> StudioError:
    """Return the error of a service that is missing in the settings."""
    return StudioError(
        ErrorKind.SETTINGS, f"No {what} is set for this studio. Set {setting} in its settings."
    )
