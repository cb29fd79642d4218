"""The packages of the extra `studio`, which not every installation has."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from nimble_tui.cli import exit_codes
from nimble_tui.cli.exit_codes import Stop

_EXTRA: Final = frozenset({"cryptography", "h11", "prometheus_client", "uvicorn", "websockets"})


@contextmanager
def extra_packages() -> Iterator[None]:
    """Say which packages a command needs where an import does not find them."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        raise Stop(
            exit_codes.FAILED,
            "This needs packages that are not installed: pipx install 'nimble-tui[studio]'",
        ) from None
